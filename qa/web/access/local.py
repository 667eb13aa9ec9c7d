"""Which requests come from this machine itself, and not through a proxy on it."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.access.proxy import LOCAL_HOSTS, hostname_of, peer_of
from qa.web.access.refusals import refusal
from qa.web.metrics import Metrics
from qa.web.status_page import PATH as STATUS
from qa.web.status_page import StatusPage

PATH = "/metrics"
_MARK = "dateline.is_near"
# What proxies tell of the request that they pass on, under the names in use.
_OF_PROXIES = frozenset(
    {b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip"}
    | {b"cf-connecting-ip", b"true-client-ip", b"fastly-client-ip", b"x-original-forwarded-for"}
    | {b"forwarded-for", b"client-ip", b"x-forwarded", b"x-original-host", b"cdn-loop"}
    | {b"x-envoy-external-address", b"fly-client-ip", b"x-proxyuser-ip", b"x-azure-clientip"}
)


def is_from_this_machine(scope: Scope, *, proxy_header: str | None = None) -> bool:
    """Tell whether a program on this machine asks, under one of the names of this machine.

    The connection itself must come from the loopback, and no header may say that a proxy passed
    the request on: to the server, a proxy on this machine comes from the loopback as well. What a
    header says of an address is never believed here, only that there is such a header. A foreign
    name in `Host` is a page of another site whose name leads here, or a proxy. `proxy_header` is
    one more that a proxy sets.
    """
    headers = dict(scope["headers"])
    ours = proxy_header.lower().encode() if proxy_header else b""
    is_forwarded = any(
        name in _OF_PROXIES or name == ours or name.startswith(b"x-forwarded-") for name in headers
    )
    named = hostname_of(headers.get(b"host", b"").decode("latin-1"))
    return is_loopback(scope) and not is_forwarded and named in LOCAL_HOSTS


def is_loopback(scope: Scope) -> bool:
    """Tell whether the connection itself comes from this machine."""
    peer = peer_of(scope)
    return peer is not None and peer.is_loopback


class Nearness:
    """Notes whether a request is of this machine, before its headers are changed or removed."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`, which asks `is_near`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the note."""
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, _MARK: is_from_this_machine(scope)}
        await self._app(scope, receive, send)


def is_near(scope: Scope) -> bool:
    """Tell whether `Nearness` found that a request is of this machine."""
    return scope.get(_MARK) is True


class MetricsRoute:
    """Answers `/metrics` and `/status` to programs on this machine; they need no login.

    It stands before everything that changes what a request says of its client. Who shows who they
    are is passed on, since admins may see the metrics from elsewhere.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        status: StatusPage,
        proxy_header: str | None = None,
    ) -> None:
        """Wrap `app`; every other path is passed on."""
        self._app = app
        self._metrics = metrics
        self._status = status
        self._proxy_header = proxy_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the metrics or the status, refuse them, or pass a request on."""
        path = scope["path"] if scope["type"] == "http" else None
        is_asked = path in (PATH, STATUS)
        if is_asked and is_from_this_machine(scope, proxy_header=self._proxy_header):
            if path == PATH:
                answer = await metrics_response(scope, self._metrics)
            else:
                answer = await status_response(scope, self._status)
            await answer(scope, receive, send)
        elif is_asked and not self._shows_who(scope):
            told = "the metrics are for programs on this machine without a proxy, and for admins"
            await refusal(scope, told, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _shows_who(self, scope: Scope) -> bool:
        ours = self._proxy_header.lower().encode() if self._proxy_header else b""
        return any(name in (b"authorization", b"cookie", ours) for name, _ in scope["headers"])


async def metrics_response(
    scope: Scope, metrics: Metrics, archives: Sequence[str] | None = None
) -> Response:
    """Return the metrics for a request that may see them, of all archives or of some."""
    if scope["method"] not in ("GET", "HEAD"):
        return refusal(scope, "this path takes GET only", 405)
    accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
    body, media_type = await anyio.to_thread.run_sync(metrics.exposition, accept, archives)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(body, headers=headers, media_type=media_type)


async def status_response(
    scope: Scope, status: StatusPage, archives: Sequence[str] | None = None
) -> Response:
    """Return the status page for a request that may see it, of all archives or of some."""
    if scope["method"] not in ("GET", "HEAD"):
        return refusal(scope, "this path takes GET only", 405)
    return await anyio.to_thread.run_sync(status.response, Request(scope), archives)
