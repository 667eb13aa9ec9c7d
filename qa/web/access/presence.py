"""Whether the client of a request is still there, told in any thread while it is answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MARK = "dateline.has_left"
_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})

HasLeft = Callable[[], bool]


def _never() -> bool:
    return False


_of_request: ContextVar[HasLeft] = ContextVar("has_left", default=_never)


def has_left(scope: Scope) -> HasLeft:
    """Return what tells whether the client of a request has left."""
    found: HasLeft = scope.get(_MARK, _never)
    return found


def of_this_request() -> HasLeft:
    """Return the same for the request of this context.

    The workers of Gradio's queue keep the context of whoever came first: do not ask it there.
    """
    return _of_request.get()


class Presence:
    """Notes when the client of a request leaves, also while nobody receives anything of it.

    After the body, the server tells nothing but that; so one task waits for it, and whoever else
    receives waits for the same task.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched = _Watched(receive)
        if _LENGTHS.isdisjoint(name for name, _ in scope["headers"]):
            await watched.look_ahead()  # it has no body, which may never be received
        _of_request.set(watched.left.is_set)
        try:
            await self._app({**scope, _MARK: watched.left.is_set}, watched.receive, send)
        finally:
            watched.close()


class _Watched:
    def __init__(self, receive: Receive) -> None:
        self.left = threading.Event()
        self._receive = receive
        self._ahead: list[Message] = []
        self._waiting: asyncio.Task[Message] | None = None

    async def look_ahead(self) -> None:
        self._ahead.append(await self._next())

    async def receive(self) -> Message:
        if self._ahead:
            return self._ahead.pop()
        if self._waiting is not None:
            return await asyncio.shield(self._waiting)
        return await self._next()

    def close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    async def _next(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.left.set()
        elif not message.get("more_body"):
            self._waiting = asyncio.create_task(self._next())
        return message
