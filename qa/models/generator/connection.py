"""Speaks HTTP with a chat server; the home of the HTTP client for language models."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.models.generator.failure import FailureKind
from qa.models.generator.limits import Limits
from qa.models.generator.reply_parser import BadReplyError
from qa.models.generator.settings import GeneratorSettings

if TYPE_CHECKING:
    import ssl

    import httpx

_SHORTEST = 0.001  # seconds; httpx takes 0 for a mistake
_LONGEST_REFUSAL = 64_000  # bytes of a refusal that are read


class LostConnectionError(BadReplyError):
    """The connection was closed; before the first piece of an answer it may be tried again."""

    def __init__(self) -> None:
        """Take the kind of an answer of which nothing has come."""
        super().__init__(FailureKind.HUNG_UP)


@dataclass(frozen=True, slots=True)
class HttpReply:
    """The answer of a server while it comes in."""

    status: int
    retry_after: str | None
    chunks: Iterator[bytes] = field(repr=False)

    def text(self, *, most: int = _LONGEST_REFUSAL) -> str:
        """Read the rest as text, up to a number of bytes."""
        content = b""
        for chunk in self.chunks:
            content += chunk
            if len(content) >= most:
                break
        return content[:most].decode("utf-8", errors="replace")


class Connection:
    """Connects anew for every request, and can be broken off from another thread.

    A kept connection may be dead when it is next used, and beside the seconds that a model thinks
    a new one costs nothing. No cookies are kept, redirects are not followed, and a server on this
    machine is never called through a proxy.
    """

    def __init__(self, settings: GeneratorSettings, limits: Limits) -> None:
        """Connect to nothing yet."""
        self._settings = settings
        self._limits = limits
        self._lock = threading.Lock()
        self._stream: Any = None
        self._is_aborted = False

    @property
    def is_made(self) -> bool:
        """Whether the server was reached."""
        return self._stream is not None

    @contextmanager
    def request(
        self, path: str, *, until: float, body: Mapping[str, object] | None = None
    ) -> Iterator[HttpReply]:
        """Post a body, or get a path if there is none, and read the answer as it comes.

        Raises:
            BadReplyError: the server cannot be reached or trusted, does not speak HTTP, or takes
                too long.
            LostConnectionError: the connection was closed.
        """
        import httpx

        left = max(until - time.monotonic(), _SHORTEST)
        timeout = httpx.Timeout(left, connect=min(left, self._limits.connect))
        with (
            _own_errors(),
            self._client(timeout) as client,
            client.stream(
                "GET" if body is None else "POST",
                self._settings.url + path,
                json=body,
                headers=self._headers(),
                extensions={"trace": self._trace},
            ) as response,
        ):
            retry_after = response.headers.get("retry-after")
            yield HttpReply(response.status_code, retry_after, _chunks(response))

    def abort(self) -> None:
        """Break off what is under way and what would begin later; any thread may call it."""
        with self._lock:
            self._is_aborted = True
            _shut(self._stream)

    def _client(self, timeout: httpx.Timeout) -> httpx.Client:
        """Make a client.

        Raises:
            BadReplyError: the environment names a proxy that cannot be used.
        """
        import httpx

        is_local = self._settings.is_local
        try:
            return httpx.Client(
                timeout=timeout, trust_env=not is_local, verify=self._certificates()
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise BadReplyError(FailureKind.UNREACHABLE) from error

    def _certificates(self) -> ssl.SSLContext:
        """Return whom to trust.

        Raises:
            BadReplyError: the environment names a file of certificates that cannot be read.
        """
        import ssl

        import httpx

        if not self._settings.url.startswith("https:"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and costs no time
        try:
            return httpx.create_ssl_context()
        except OSError as error:
            raise BadReplyError(FailureKind.INSECURE) from error

    def _headers(self) -> dict[str, str]:
        key = self._settings.key
        return {
            "User-Agent": "dateline",
            "Accept-Encoding": "identity",  # nothing to unpack, so nothing that grows
            **({} if key is None else {"Authorization": f"Bearer {key}"}),
        }

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Keep hold of the socket, which httpx shows before the answer begins only here."""
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._stream = info["return_value"]
                if self._is_aborted:
                    _shut(self._stream)


@contextmanager
def _own_errors() -> Iterator[None]:
    """Turn the errors of the HTTP library into ours."""
    import httpx

    try:
        yield
    except (httpx.InvalidURL, UnicodeError) as error:  # such as of "a..b", at the first call
        raise BadReplyError(FailureKind.UNREACHABLE) from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        is_insecure = _is_about_encryption(error)
        kind = FailureKind.INSECURE if is_insecure else FailureKind.UNREACHABLE
        raise BadReplyError(kind) from error
    except httpx.TimeoutException as error:
        raise BadReplyError(FailureKind.CUT_OFF) from error
    except httpx.RemoteProtocolError as error:
        words = str(error)
        if "disconnected" in words or "closed" in words:
            raise LostConnectionError from error
        raise BadReplyError(FailureKind.NOT_UNDERSTOOD) from error
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise LostConnectionError from error


def _is_about_encryption(error: BaseException) -> bool:
    """Tell whether an error of the HTTP library began as one of the encryption."""
    import ssl

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _chunks(response: httpx.Response) -> Iterator[bytes]:
    """Yield what comes as it comes; whoever reads it meets our errors at once."""
    with _own_errors():
        yield from response.iter_raw()  # with a size it would hold text back until so much is there


def _shut(stream: Any) -> None:
    """Wake who waits for the socket; the thread that reads it closes it."""
    found = None if stream is None else stream.get_extra_info("socket")
    if found is None:
        return
    try:
        # Not that of an SSL socket, which would forget its encryption under a reading thread.
        socket.socket.shutdown(found, socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already
