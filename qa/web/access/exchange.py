"""One request and its response: the id that names it, and what is known of it at its end."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
_MARK = "dateline.marks"
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_LONGEST_PATH = 300
# Whatever would end a line, part a field, or steer a terminal.
_UNSAFE = re.compile(rb"[^\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response, after the last byte was sent.

    `path` has no query and is printable ASCII without spaces. `status` is `None` if the client
    left, or sent what is no HTTP, before there was a response. `sent` counts the bytes of the body.
    `refused` says which limit refused the request, if one did.
    """

    began: datetime
    id: str
    method: str
    path: str
    status: int | None
    milliseconds: float
    sent: int
    refused: str | None = None


class Exchanges:
    """Names every request, gives the name back as `X-Request-ID`, and tells of each at its end.

    A proxy may give the name; it is used if it is short plain ASCII, and else another is made.
    """

    def __init__(self, app: ASGIApp, *, tell: Sequence[Callable[[Exchange], None]]) -> None:
        """Wrap `app`; each function in `tell` is called with every exchange."""
        self._app = app
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell of it when it has ended, however it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, began, started = _name_of(scope), datetime.now().astimezone(), time.perf_counter()
        marks: dict[str, str] = {}
        status, sent, has_left = None, 0, False

        async def receive_noting() -> Message:
            nonlocal has_left
            message = await receive()
            has_left = has_left or (message["type"] == "http.disconnect" and status is None)
            return message

        async def send_named(message: Message) -> None:
            nonlocal status, sent
            if has_left:
                return  # Starlette's 500 for a body that broke off reaches nobody
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app({**scope, _MARK: marks}, receive_noting, send_named)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            done = Exchange(
                *(began, name, method, _path_of(scope), status, milliseconds, sent),
                marks.get("refused"),
            )
            for tell in self._tell:
                tell(done)


def mark_refused(scope: Scope, reason: str) -> None:
    """Note which limit refused a request, for whoever counts them."""
    marks = scope.get(_MARK)
    if marks is not None:
        marks["refused"] = reason


def _name_of(scope: Scope) -> str:
    given = dict(scope["headers"]).get(HEADER.lower().encode(), b"")
    return str(given, "ascii") if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


def _path_of(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    raw = raw.partition(b"?")[0]
    return safe_path(raw)


def safe_path(raw: bytes) -> str:
    r"""Return a path for a line of a log: everything else than printable ASCII as `%XX`.

    >>> safe_path(b"/nl/\r\n2022 GET /ok 200")
    '/nl/%0D%0A2022%20GET%20/ok%20200'
    """
    shown = _UNSAFE.sub(lambda found: b"%%%02X" % found[0][0], raw[:_LONGEST_PATH])
    return str(shown, "ascii") + ("..." if len(raw) > _LONGEST_PATH else "")
