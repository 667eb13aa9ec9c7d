"""Service behind a reverse proxy: the public address, and which proxies are trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qa.errors import SettingsError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1", "[::1]")
"""The names of this machine, as they stand in `Host`."""

# Gradio believes the last three of anybody.
_FORWARDED = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"}
    | {b"x-gradio-server"}
)


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """The public address of the page: `path` is "" or "/krant"; scheme and host may be unknown."""

    path: str = ""
    scheme: str | None = None
    host: str | None = None  # with its port, where it has one

    @classmethod
    def parse(cls, written: str) -> PublicAddress:
        """Read the value of `--root-path`: a path, or a whole address.

        Raises:
            SettingsError: it is neither.

        >>> PublicAddress.parse("/krant/")
        PublicAddress(path='/krant', scheme=None, host=None)
        >>> PublicAddress.parse("https://nieuws.example/krant")
        PublicAddress(path='/krant', scheme='https', host='nieuws.example')
        """
        parts = urlsplit(written)
        path = parts.path.rstrip("/")
        is_address = parts.scheme in ("http", "https") and parts.hostname and not parts.username
        is_path = written.startswith("/") and not parts.netloc
        if parts.query or parts.fragment or "//" in path or not (is_address or is_path):
            raise SettingsError(
                f"--root-path is {written!r}; write a path such as /krant, or the whole address "
                "that readers use, such as https://nieuws.example/krant"
            )
        return cls(path, parts.scheme or None, parts.netloc or None)

    @property
    def hostname(self) -> str | None:
        """Return the host without its port."""
        return hostname_of(self.host) if self.host else None


def hostname_of(host: str) -> str | None:
    """Return the name in a header `Host`, without its port; `None` if it is malformed.

    >>> hostname_of("[::1]:7860"), hostname_of("Nieuws.example")
    ('::1', 'nieuws.example')
    """
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def parse_network(written: str) -> Network:
    """Read the address or the network of a proxy.

    Raises:
        SettingsError: it is neither.

    >>> parse_network("10.0.0.0/8")
    IPv4Network('10.0.0.0/8')
    """
    try:
        return ipaddress.ip_network(written)
    except ValueError as error:
        raise SettingsError(
            f"{written!r} is no address of a proxy; write 127.0.0.1 or 10.0.0.0/8"
        ) from error


class Proxied:
    """Restores a request to the form in which the browser sent it, before any proxy changed it.

    Afterwards the path begins with `public.path`, even if the proxy removed it. Scheme, host and
    client are those of the browser, as far as trusted proxies state them; all other headers about
    them are removed.
    """

    def __init__(
        self, app: ASGIApp, *, public: PublicAddress, trusted: Sequence[Network] = ()
    ) -> None:
        """Wrap `app`; `trusted` are the addresses of the proxies that are believed."""
        names = [str(network) for network in trusted]
        self._app: ASGIApp = ProxyHeadersMiddleware(app, trusted_hosts=names)  # type: ignore[arg-type, assignment]
        self._public = public
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on in its original form."""
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, **self._headers(scope), **self._path(scope)}
            if self._public.scheme:
                scope["scheme"] = self._public.scheme
        await self._app(scope, receive, send)

    def _headers(self, scope: Scope) -> Scope:
        headers = list(scope["headers"])
        host = self._public.host.encode() if self._public.host else None
        if comes_from(scope, self._trusted):
            told = dict(headers).get(b"x-forwarded-host", b"")
            host = host or told.partition(b",")[0].strip() or None
            # Gradio reads these as well, but the scope is right by then.
            dropped = {b"forwarded", b"x-forwarded-host", b"x-gradio-server"}
        else:
            dropped = set(_FORWARDED)
        if host:
            dropped.add(b"host")
        kept = [(name, value) for name, value in headers if name not in dropped]
        return {"headers": [*kept, (b"host", host)] if host else kept}

    def _path(self, scope: Scope) -> Scope:
        root, path = self._public.path, scope["path"]
        if not root or path == root or path.startswith(f"{root}/"):
            return {"root_path": root}
        raw = scope.get("raw_path") or path.encode()
        return {"root_path": root, "path": root + path, "raw_path": root.encode() + raw}


def address_of(scope: Scope) -> str | None:
    """Return the address of whoever sent a request, as it is written."""
    client = scope.get("client")
    return str(client[0]) if client else None


def peer_of(scope: Scope) -> Address | None:
    """Return the address of whoever sent a request, or `None` if it has none that can be read.

    An IPv4 address that is written as one of IPv6 is the IPv4 address.

    >>> peer_of({"client": ("::ffff:10.0.0.7", 5000)})
    IPv4Address('10.0.0.7')
    """
    try:
        address = ipaddress.ip_address(address_of(scope) or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def comes_from(scope: Scope, networks: Sequence[Network]) -> bool:
    """Tell whether the sender of a request has an address in one of the networks."""
    peer = peer_of(scope)
    return peer is not None and any(peer in network for network in networks)


def route_of(scope: Scope) -> str:
    """Return the path of a request without the public prefix."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"
