"""Limits on the calls a minute and on the request size of each client."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.access.exchange import mark_refused
from qa.web.access.proxy import address_of, peer_of, route_of
from qa.web.access.refusals import refusal

_MOST_CLIENTS = 10_000  # remembered at once; the one that was quiet longest is forgotten
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenBuckets:
    """One token bucket for each client; tokens come back at a steady rate.

    We do not use the library `limits`: it has no token bucket, and it starts a thread at nearly
    every call.
    """

    def __init__(
        self,
        per_minute: float,
        *,
        burst: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Allow `per_minute` calls, and at most `burst` at once (default: those of one minute)."""
        self._per_second = per_minute / 60
        self._burst = max(1.0, per_minute if burst is None else burst)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take one token; return 0.0, or the seconds to wait until there is one.

        >>> now = 0.0
        >>> buckets = TokenBuckets(60, burst=2, clock=lambda: now)
        >>> [buckets.take("a"), buckets.take("a"), buckets.take("a"), buckets.take("b")]
        [0.0, 0.0, 1.0, 0.0]
        """
        now = self._clock()
        left, seen = self._buckets.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - seen) * self._per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_second
        self._buckets[client] = (left if wait else left - 1, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return wait

    def give_back(self, client: str) -> None:
        """Put back a token that was taken for a request that does not count."""
        if client in self._buckets:
            left, seen = self._buckets[client]
            self._buckets[client] = (min(self._burst, left + 1), seen)


def client_of(scope: Scope) -> str:
    """Return the client of a request: the user, else the address (for IPv6, the network)."""
    user = scope.get("state", {}).get("user")
    if user is not None:
        return f"user {user}"
    peer = peer_of(scope)
    if peer is None:
        return address_of(scope) or "unknown"
    if isinstance(peer, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((peer, 64), strict=False))
    return str(peer)


def too_many(scope: Scope, wait: float) -> Response:
    """Return the 429 response for a client that must wait this many seconds."""
    mark_refused(scope, "rate")
    seconds = math.ceil(wait)
    told = f"too many requests; try again in {seconds} s"
    return refusal(scope, told, 429, headers={"Retry-After": str(seconds)})


class RateLimit:
    """Limits the calls of each client; pages and streams are not counted."""

    def __init__(self, app: ASGIApp, *, buckets: TokenBuckets) -> None:
        """Wrap `app`; `buckets` decide which calls pass."""
        self._app = app
        self._buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 429."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            wait = self._buckets.take(client_of(scope))
            if wait:
                await too_many(scope, wait)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """Refuses request bodies that are too large, with or without a Content-Length header."""

    def __init__(
        self, app: ASGIApp, *, most: int, of_routes: Mapping[str, int] | None = None
    ) -> None:
        """Wrap `app`; a request has at most `most` bytes, or what `of_routes` says of its route."""
        self._app = app
        self._most = most
        self._of_routes = of_routes or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._of_routes.get(route_of(scope), self._most)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        is_too_large = not announced.isdigit() or int(announced) > most
        taken, answered = 0, False

        async def receive_some() -> Message:
            nonlocal taken, is_too_large
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                is_too_large = True
                raise _TooLargeError
            return message

        async def send_unless_refused(message: Message) -> None:
            nonlocal answered
            if not is_too_large or answered:
                answered = True
                await send(message)

        if not is_too_large:
            with suppress(_TooLargeError):
                await self._app(scope, receive_some, send_unless_refused)
        if is_too_large and not answered:
            mark_refused(scope, "size")
            told = f"a request may have at most {most} bytes"
            await refusal(scope, told, 413)(scope, receive, send)
