"""HTTP connections that wait only so long for what a client has to send, and end what is no HTTP.

Uvicorn bounds how long a connection may be idle between two requests, and nothing else: who opens
one and sends nothing, or a letter a minute, would keep it for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class BoundedConnection(H11Protocol):
    """A connection that is closed if its client takes too long.

    The head of a request has to be there `head_seconds` after the connection was made, or after the
    first byte of a further request. Between two pieces of a body there are at most `piece_seconds`,
    and for the whole body `body_seconds`. Waiting for an answer and receiving it take as long as
    they take.
    """

    head_seconds: ClassVar[float] = 10.0
    piece_seconds: ClassVar[float] = 30.0
    body_seconds: ClassVar[float] = 1800.0  # 100 MB at half a megabit a second

    def __init__(self, *values: Any, **named: Any) -> None:
        """Take what uvicorn gives to its own protocol."""
        super().__init__(*values, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._awaits: str | None = None
        self._body_ends = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_for(None, 0)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes; see what is still to come."""
        super().data_received(data)
        self._look()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, if no answer has begun; for what is at work, the client is gone.

        Uvicorn would leave it at work, and fail where both send an answer.
        """
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Leave it to uvicorn how long the connection may now be idle."""
        self._wait_for(None, 0)
        super().on_response_complete()

    def _look(self) -> None:
        now = self.loop.time()
        if self.cycle is None or self.cycle.response_complete:
            if self._awaits != "head":  # the clock of a head that has begun goes on
                self._wait_for("head", self.head_seconds)
        elif self.cycle.more_body:
            if self._awaits != "body":
                self._body_ends = now + self.body_seconds
            self._wait_for("body", min(self.piece_seconds, self._body_ends - now))
        else:
            self._wait_for(None, 0)

    def _wait_for(self, awaited: str | None, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._awaits = awaited
        self._timer = self.loop.call_later(max(0.0, seconds), self._give_up) if awaited else None

    def _give_up(self) -> None:
        if self._awaits == "body" and self.flow.read_paused:
            self._look()  # it is the server that reads no further now
        elif not self.transport.is_closing():
            self.transport.close()
