"""Fetches a feed over HTTP, politely and within bounds; the home of the HTTP client for feeds."""

from __future__ import annotations

import socket
import ssl
import threading
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlunsplit

from qa.ingest.feeds.addresses import addresses_of, port_of, split_url
from qa.ingest.refusals import RefusedError

if TYPE_CHECKING:
    import httpx

_AGENT = "dateline (reads feeds for one archive)"
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"  # noqa: E501
_REDIRECTS = {301, 302, 303, 307, 308}
_TOO_SLOW = "the server is too slow; it is tried again next time"
_LONGEST_RETRY = 86_400.0  # seconds
_REMEDIES = {
    401: "it asks for a password, which is not supported",
    403: "the server refuses it",
    404: "it is not there; check the address",
    410: "it is gone for good; remove it with: dateline feed remove URL",
    429: "the server asks for fewer requests",
}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The bounds of one fetch: bytes after unpacking, redirects, and seconds."""

    most_bytes: int = 20_000_000
    redirects: int = 5
    connect: float = 10.0
    pause: float = 20.0
    whole: float = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said of a feed: `content` is `None` if it has not changed.

    `moved_to` is the address to which it has moved for good.
    """

    content: bytes | None = field(repr=False)
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None


class FetchError(RefusedError):
    """A feed was not fetched; `retry_after` is the seconds for which the server wants quiet."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        """Say why, and when to come back."""
        super().__init__(reason)
        self.retry_after = retry_after


def fetch(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    limits: FetchLimits | None = None,
) -> Reply:
    """Fetch a feed, unless it is still the one that has this `etag` or `last_modified`.

    Every redirect is checked as the first address was. Environment variables for proxies do not
    count, no cookies are kept, and nothing else than the feed is fetched.

    Raises:
        FetchError: it cannot be had; the reason says what to do.
    """
    limits = limits or FetchLimits()
    known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in known.items() if value}
    moved_to, is_permanent = None, True
    try:
        trusted = split_url(url).hostname or ""
        with _Deadline(limits.whole) as deadline:
            for _ in range(limits.redirects + 1):
                with _asked(url, trusted, headers, limits, deadline) as response:
                    target = _target(response, url)
                    if target is None:
                        reply = _reply(response, limits, moved_to)
                        deadline.refuse_what_it_cut_off()
                        return reply
                    is_permanent = is_permanent and response.status_code in (301, 308)
                url = target
                moved_to = url if is_permanent else moved_to
        raise FetchError(f"it redirects more than {limits.redirects} times; check the address")
    except FetchError:
        raise
    except RefusedError as error:
        raise FetchError(error.reason) from error


class _Deadline:
    """Breaks the connection when the time for all of it is over, however slowly bytes drip."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._lock = threading.Lock()
        self._stream: Any = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Keep hold of the socket, which httpx shows before the answer begins only here."""
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._stream = info["return_value"]
            if self.is_over:
                self._end()

    def refuse_what_it_cut_off(self) -> None:
        """Refuse a body without a stated length: for it, a broken connection is the end.

        Raises:
            FetchError: the time is over.
        """
        if self.is_over:
            raise FetchError(_TOO_SLOW)

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            found = self._stream and self._stream.get_extra_info("socket")
        if found:
            try:
                socket.socket.shutdown(found, socket.SHUT_RDWR)
            except OSError:
                return  # it is closed already


@contextmanager
def _asked(
    url: str,
    trusted: str,
    headers: Mapping[str, str],
    limits: FetchLimits,
    deadline: _Deadline,
) -> Generator[httpx.Response]:
    """Ask for an address at the very machine that was checked, by its number."""
    import httpx

    parts = split_url(url)
    numbers = addresses_of(parts, trusted_host=trusted)
    timeout = httpx.Timeout(limits.pause, connect=limits.connect)
    verify = ssl.create_default_context() if parts.scheme == "https" else False
    try:
        with httpx.Client(timeout=timeout, trust_env=False, verify=verify) as client:
            response = _first_reached(client, parts, numbers, headers, deadline)
            try:
                yield response
            finally:
                response.close()
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
        if deadline.is_over or isinstance(error, httpx.TimeoutException):
            raise FetchError(_TOO_SLOW) from error
        raise FetchError(
            f"it cannot be fetched ({type(error).__name__}: {error}); it is tried again next time"
        ) from error


def _first_reached(
    client: httpx.Client,
    parts: SplitResult,
    numbers: list[str],
    headers: Mapping[str, str],
    deadline: _Deadline,
) -> httpx.Response:
    import httpx

    failure: Exception | None = None
    for number in numbers[:3]:
        host = f"[{number}]" if ":" in number else number
        place = f"{host}:{port_of(parts)}"
        target = urlunsplit((parts.scheme, place, parts.path, parts.query, ""))
        request = client.build_request(
            "GET",
            target,
            headers={
                "Host": parts.netloc,
                "User-Agent": _AGENT,
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip",
                **headers,
            },
            extensions={"sni_hostname": parts.hostname, "trace": deadline.trace},
        )
        try:
            return client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = error
    raise failure or FetchError("its host has no address; check the address")


def _target(response: httpx.Response, url: str) -> str | None:
    """Return the address to which an answer leads, `None` if it is the last."""
    if response.status_code not in _REDIRECTS:
        return None
    location = response.headers.get("location")
    if not location:
        raise FetchError("it redirects to nowhere; check the address")
    return urljoin(url, str(location)).partition("#")[0]


def _reply(response: httpx.Response, limits: FetchLimits, moved_to: str | None) -> Reply:
    status = response.status_code
    etag, changed = (response.headers.get(name) for name in ("etag", "last-modified"))
    if status == 304:
        return Reply(None, etag, changed, moved_to)
    if status != 200:
        remedy = _REMEDIES.get(status, "it is tried again next time")
        raise FetchError(
            f"the server answers {status}: {remedy}",
            retry_after=_seconds(response.headers.get("retry-after")),
        )
    return Reply(_content(response, limits.most_bytes), etag, changed, moved_to)


def _content(response: httpx.Response, most: int) -> bytes:
    """Read and unpack the body; nothing grows over the bound before it is refused."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise FetchError(f"it is packed as {encoding!r}, which was not asked for")
    content = bytearray()
    for piece in _pieces(response.iter_raw(), is_packed="gzip" in encoding, most=most):
        content += piece
        if len(content) > most:
            raise FetchError(f"it has more than {most // 1_000_000:,} MB; that is no feed")
    return bytes(content)


def _pieces(raw: Iterator[bytes], *, is_packed: bool, most: int) -> Iterator[bytes]:
    if not is_packed:
        yield from raw
        return
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for chunk in raw:
            yield unpacker.decompress(chunk, most + 1)
    except zlib.error as error:
        raise FetchError("its packing is damaged; it is tried again next time") from error
    if not unpacker.eof:
        raise FetchError("it was cut off; it is tried again next time")


def _seconds(written: str | None) -> float | None:
    """Return the seconds of a `Retry-After`, a number or a date; at most a day.

    >>> _seconds("120"), _seconds("morgen")
    (120.0, None)
    """
    if not written:
        return None
    try:
        if written.strip().isdigit():
            seconds = float(written)
        else:
            seconds = (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY)
