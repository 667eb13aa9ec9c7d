"""Calls the API of a Dateline server; the home of the HTTP client for that."""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Generator, Iterator, Mapping, Sized
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Self

from qa.errors import DatelineError, SettingsError
from qa.text.control_characters import visible
from qa.web.client.server_address import KEY_VARIABLE, ServerAddress

if TYPE_CHECKING:
    import httpx

_LONGEST_WORDS = 500  # characters of what a server says that are shown
_ANOTHER = "is that the address of Dateline itself, without /nl or /en, and of the same version?"
_EVENT = re.compile(r"[\w-]{1,100}")


class RemoteError(DatelineError):
    """A server gave no answer; the text says why and what to do, and shows no control character.

    `status` is that of HTTP, if the server answered with one that refuses.
    """

    def __init__(self, told: str, *, status: int | None = None) -> None:
        """Say in words what went wrong."""
        super().__init__(told)
        self.status = status


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """The bounds of one request, in seconds and bytes.

    A server that works or lets a question wait shows every 15 seconds that it is there, but is
    silent while it looks for matches: it gets the seconds of `work`.
    """

    connect: float = 10.0
    pause: float = 60.0
    work: float = 300.0
    whole: float = 900.0
    most_bytes: int = 64_000_000


class Connection:
    """Calls the endpoints of one server, one call after the other.

    No cookies are kept, redirects are not followed, and a server on this machine is never called
    through a proxy.
    """

    def __init__(self, server: ServerAddress, limits: ClientLimits | None = None) -> None:
        """Connect to nothing yet.

        Raises:
            SettingsError: the environment names a proxy or certificates that cannot be used.
        """
        self._server = server
        self._limits = limits or ClientLimits()
        self._client = _client(server, self._limits)

    def __enter__(self) -> Self:
        """Return the connection itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def call(self, endpoint: str, values: Mapping[str, object]) -> dict[str, Any]:
        """Call an endpoint with values by their names; return what it returns.

        Raises:
            RemoteError: the server cannot be reached or trusted, refuses the call, takes too long,
                or does not speak as Dateline does.
        """
        calls = "gradio_api/call"
        begun = _json(self._fetch("POST", f"{calls}/v2/{endpoint}", values))
        name = begun.get("event_id") if isinstance(begun, dict) else None
        if not isinstance(name, str) or not _EVENT.fullmatch(name):
            raise self._failed(f"answers, but not as Dateline does; {_ANOTHER}")
        kind, told = _last_event(self._fetch("GET", f"{calls}/{endpoint}/{name}"))
        if kind == "error":
            raise self._failed(f"says: {_words(told) or 'something went wrong, see its log'}")
        if kind != "complete" or not isinstance(told, list) or len(told) != 1:
            raise self._failed("broke its answer off; ask again")
        if not isinstance(told[0], dict):
            raise self._failed(f"answers, but not as Dateline does; {_ANOTHER}")
        return told[0]

    def read(self, path: str) -> dict[str, Any]:
        """Return the JSON object that stands at a path.

        Raises:
            RemoteError: as for `call`.
        """
        content = bytearray()
        with closing(self._pieces(path)) as pieces:
            for piece in pieces:
                content += piece
                self._check_size(content)
        return self._object(bytes(content))

    def change(
        self, method: str, path: str, values: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        """Send values to a path, to change what stands there; return the JSON object that comes.

        A server lets no page of another site change anything, so this says that none is at work.

        Raises:
            RemoteError: as for `call`.
        """
        own = {"Sec-Fetch-Site": "same-origin"}
        return self._object(self._fetch(method, path, values, headers=own))

    def _object(self, content: bytes) -> dict[str, Any]:
        told = _json(content)
        if not isinstance(told, dict):
            raise self._failed(f"answers, but not as Dateline does; {_ANOTHER}")
        return told

    def lines(self, path: str) -> Generator[dict[str, Any]]:
        """Yield the JSON object of each line at a path, while the server sends them.

        Close the generator if it is left before its end.

        Raises:
            RemoteError: as for `call`; also between two lines, if the server breaks off.
        """
        with closing(self._pieces(path)) as pieces:
            rest = b""
            for piece in pieces:
                *lines, rest = (rest + piece).split(b"\n")
                yield from map(self._object, lines)
                self._check_size(rest)
            if rest:
                raise self._failed("broke its answer off; ask again")

    def _pieces(self, path: str) -> Generator[bytes]:
        """Yield what stands at a path; who asks bounds how much is kept of it."""
        import httpx

        limits = self._limits
        patient = httpx.Timeout(limits.work, connect=limits.connect)
        url = f"{self._server.url}/{path}"
        with (
            self._own_errors(limits.work),
            self._client.stream("GET", url, timeout=patient) as response,
        ):
            if response.status_code == 200:
                yield from response.iter_raw()
                return
            refused = bytearray()
            for piece in response.iter_raw():
                refused += piece
                self._check_size(refused)
        raise self._refused(response, bytes(refused))

    def _fetch(
        self,
        method: str,
        path: str,
        values: Mapping[str, object] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        until, content = time.monotonic() + self._limits.whole, bytearray()
        url = f"{self._server.url}/{path}"
        sent = None if values is None else json.dumps(values).encode()
        asked = self._client.stream(method, url, content=sent, headers=headers)
        with self._own_errors(), asked as response:
            for piece in response.iter_raw():
                content += piece
                self._check_size(content)
                if time.monotonic() > until:
                    raise self._failed(f"has not answered in {self._limits.whole:g} seconds")
        if response.status_code != 200:
            raise self._refused(response, bytes(content))
        return bytes(content)

    def _check_size(self, content: Sized) -> None:
        if len(content) > self._limits.most_bytes:
            raise self._failed("sends more than any answer holds")

    def _failed(self, told: str, status: int | None = None) -> RemoteError:
        return RemoteError(f"{self._server.host} {told}", status=status)

    def _refused(self, response: httpx.Response, content: bytes) -> RemoteError:
        return self._failed(self._refusal(response, content), response.status_code)

    def _refusal(self, response: httpx.Response, content: bytes) -> str:
        """Say what a status other than 200 means, with the words of a Dateline server."""
        status, words = response.status_code, _words(_json(content))
        if response.is_redirect:
            there = _shown(response.headers.get("location", "")) or "nowhere"
            return f"leads on to {there}; give the address of the server itself with --url"
        if status == 401:
            key = self._server.key
            said = f"does not take what {KEY_VARIABLE} holds" if key else "wants a login"
            return (
                f"{said}; put a token of its archive (dateline token create NAME) or "
                f"USER:PASSWORD in {KEY_VARIABLE}"
            )
        if words:
            wait = response.headers.get("retry-after", "")
            later = f"; it asks to wait {wait} seconds" if re.fullmatch(r"\d{1,6}", wait) else ""
            return f"refuses ({status}): {words}{later}"
        if status in (502, 503, 504):
            return f"answers {status}: a proxy stands there, and Dateline behind it does not answer"
        return f"answers {status}, and not as Dateline does; {_ANOTHER}"

    @contextmanager
    def _own_errors(self, pause: float | None = None) -> Iterator[None]:
        """Turn the errors of the HTTP library into ours."""
        import httpx

        limits = self._limits
        try:
            yield
        except httpx.ConnectTimeout as error:
            raise self._failed(f"cannot be reached within {limits.connect:g} seconds") from error
        except httpx.TimeoutException as error:
            raise self._failed(f"has said nothing for {pause or limits.pause:g} seconds") from error
        except httpx.ProxyError as error:
            raise self._failed(f"cannot be reached: the proxy says {_shown(str(error))}") from error
        except httpx.ConnectError as error:
            raise self._failed(_unreachable(error)) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            if str(error).startswith("URL"):  # "URL too long", which has no class of its own
                told = "cannot be asked all this at once; name fewer sources, or shorten the query"
                raise self._failed(told) from error
            raise self._failed(f"is no address of a server ({_shown(str(error))})") from error
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            told = f"broke the connection off ({_shown(str(error)) or type(error).__name__})"
            raise self._failed(f"{told}; ask again, and see whether it wants https") from error


def _client(server: ServerAddress, limits: ClientLimits) -> httpx.Client:
    import httpx

    key = server.key
    headers = {
        b"User-Agent": b"dateline",
        b"Content-Type": b"application/json",
        b"Accept-Encoding": b"identity",  # nothing to unpack, so nothing that grows
        **({} if key is None else {b"Authorization": f"Bearer {key}".encode()}),
    }
    try:
        return httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(limits.pause, connect=limits.connect),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=not server.is_local,
            verify=_certificates(server),
        )
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise SettingsError(
            f"{server.host} cannot be asked: the environment names a proxy or certificates "
            f"(SSL_CERT_FILE) that cannot be used ({_shown(str(error))})"
        ) from error


def _certificates(server: ServerAddress) -> ssl.SSLContext:
    import httpx

    if server.url.startswith("https:"):
        return httpx.create_ssl_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and costs no time


def _unreachable(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    why = _shown(str(error))
    if cause is None:
        return f"cannot be reached ({why}); does the server run, and there?"
    return (
        f"cannot be asked safely ({why}); give http if it does not encrypt, or name the "
        "certificate of its authority in SSL_CERT_FILE"
    )


def _json(content: bytes) -> Any:
    """Return JSON values; `None` if these are none, as in a page for people."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _last_event(streamed: bytes) -> tuple[str, Any]:
    r"""Return the kind and the data of the last event of a stream.

    >>> _last_event(b'event: heartbeat\ndata: null\n\nevent: complete\ndata: [{}]\n\n')
    ('complete', [{}])
    """
    last = streamed.strip().rpartition(b"\n\n")[2]
    fields = dict(line.partition(b": ")[::2] for line in last.split(b"\n"))
    return fields.get(b"event", b"").decode("latin-1"), _json(fields.get(b"data", b""))


def _words(told: Any) -> str:
    """Return what a refusal says, shortened; empty if it is none of Dateline's."""
    given = [told.get(name) for name in ("error", "detail")] if isinstance(told, dict) else [told]
    return next((_shown(each) for each in given if isinstance(each, str)), "")


def _shown(text: str) -> str:
    line = visible(" ".join(text.split()))
    return line if len(line) <= _LONGEST_WORDS else line[: _LONGEST_WORDS - 1] + "…"
