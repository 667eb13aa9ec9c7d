"""Users whom a trusted proxy names in a header, such as a proxy that speaks OpenID Connect."""

from __future__ import annotations

import re
from collections.abc import Sequence

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.errors import SettingsError
from qa.web.access.audit import AuditLog, Event
from qa.web.access.local import is_loopback
from qa.web.access.proxy import Network, address_of, comes_from
from qa.web.access.refusals import refusal

_MARK = "dateline.proxy_user"
_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")
_LONGEST_USER = 200  # characters
# These say something else, and a proxy or the client sets them anyway.
_TAKEN = re.compile(
    r"authorization|cookie|host|origin|referer|user-agent|accept.*|content-.*|sec-.*|via|forwarded"
    r"|connection|x-request-id|x-forwarded-(?:for|host|proto|port)|x-real-ip",
    re.IGNORECASE,
)


def header_name(written: str, trusted: Sequence[Network]) -> str:
    """Return the name of the header that `--auth-header` names.

    Raises:
        SettingsError: no header can have that name, or it means something else, or every address
            is trusted, so that anybody could send it.
    """
    if not _NAME.fullmatch(written) or _TAKEN.fullmatch(written):
        raise SettingsError(
            f"--auth-header is {written!r}; name the header in which your proxy tells the user, "
            "such as X-Forwarded-User, and let the proxy remove it from what readers send"
        )
    for network in trusted:
        if network.prefixlen == 0:
            raise SettingsError(
                f"--trust-proxy {network} is everybody, who could then take any name with "
                "--auth-header; name the address of the proxy alone"
            )
    return written


class ProxyUser:
    """Takes the user from the header of a trusted proxy, and refuses the header from anybody else.

    It stands before all that changes what a request says of its sender: the connection itself must
    come from one of the trusted addresses, or from the loopback if none is named.
    """

    def __init__(
        self, app: ASGIApp, *, header: str, trusted: Sequence[Network], audit: AuditLog
    ) -> None:
        """Wrap `app`; `trusted` are the proxies that are believed."""
        self._app = app
        self._header = header.lower().encode("ascii")
        self._trusted = trusted
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its user, or answer 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = [value for name, value in scope["headers"] if name == self._header]
        kept = [each for each in scope["headers"] if each[0] != self._header]
        scope = {**scope, "headers": kept}
        if given and not self._is_trusted(scope):
            await self._refuse(scope, receive, send, "this header is for a trusted proxy only")
            return
        try:
            user = _user(given)
        except ValueError:
            await self._refuse(scope, receive, send, "the proxy names no user that can be one")
            return
        await self._app({**scope, _MARK: user}, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        return comes_from(scope, self._trusted) if self._trusted else is_loopback(scope)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, told: str) -> None:
        address = address_of(scope)
        await anyio.to_thread.run_sync(
            lambda: self._audit.write(Event.LOGIN_FAILED, address=address, why=told)
        )
        if scope["type"] == "http":
            await refusal(scope, told, 403)(scope, receive, send)


def proxy_user_of(scope: Scope) -> str | None:
    """Return the user whom a trusted proxy named, or `None`."""
    found = scope.get(_MARK)
    return found if isinstance(found, str) else None


def _user(given: Sequence[bytes]) -> str | None:
    """Return the user of a header; an empty one names nobody.

    Raises:
        ValueError: it was sent twice, so that one may be of the reader, or it is no name.

    >>> _user([b"jan@krant.example"]), _user([b""])
    ('jan@krant.example', None)
    """
    if not any(given):
        return None
    if len(given) > 1:
        raise ValueError("sent twice")
    name = given[0].decode("utf-8").strip()
    is_name = name.isprintable() and not set(name) & set(":#,") and len(name) <= _LONGEST_USER
    if not is_name:
        raise ValueError("no name")
    return name or None
