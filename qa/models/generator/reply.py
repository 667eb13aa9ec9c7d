"""Delivers an answer piece by piece, within the time, while another thread talks to the server."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.models.generator.connection import Connection
from qa.models.generator.failure import FailureKind, GenerationError
from qa.models.generator.reply_parser import Usage


@dataclass(frozen=True, slots=True)
class _Limit:
    """From now on, so many seconds may pass before the next piece."""

    seconds: float
    is_end: bool = False


class Delivery:
    """What the thread that talks to the server hands to the one that waits for it.

    Attributes:
        connection: The connection in use, which can be broken off.
        until: The moment of the monotonic clock at which all of it ends.
        usage: What the server told beside the text.
        has_begun: It was this question's turn.
        has_pieces: Something of the answer came.
    """

    def __init__(self, connection: Connection, until: float) -> None:
        """Start with nothing delivered."""
        self.connection = connection
        self.until = until
        self.usage = Usage()
        self.has_begun = False
        self.has_pieces = False
        self._cancelled = threading.Event()
        self._queue: queue.SimpleQueue[str | _Limit | GenerationError | None] = queue.SimpleQueue()

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self._cancelled.is_set()

    def begin(self, seconds: float) -> None:
        """Say that the server is asked now, and has so many seconds for the first piece."""
        self.has_begun = True
        self._queue.put(_Limit(seconds))

    def put(self, piece: str, *, gap: float) -> None:
        """Deliver a piece; an empty one is a sign of life. The next may take `gap` seconds."""
        self.has_pieces = True
        self._queue.put(_Limit(gap))
        if piece:
            self._queue.put(piece)

    def end_soon(self, seconds: float) -> None:
        """Say that the text is whole; the server has some seconds to tell the rest."""
        self._queue.put(_Limit(seconds, is_end=True))

    def fail(self, error: GenerationError) -> None:
        """Deliver the reason why nothing more comes."""
        self._queue.put(error)

    def close(self) -> None:
        """Say that nothing more comes."""
        self._queue.put(None)

    def pause(self, seconds: float) -> None:
        """Wait before the server is asked again, unless it is cancelled."""
        self._queue.put(_Limit(seconds + 1))
        self._cancelled.wait(seconds)

    def cancel(self) -> None:
        """Break off what is under way, and wake who waits."""
        self._cancelled.set()
        self.connection.abort()
        self._queue.put(None)

    def next_message(self, seconds: float) -> str | _Limit | GenerationError | None:
        """Return the next message, or raise `queue.Empty` after some seconds."""
        left = min(seconds, self.until - time.monotonic())
        return self._queue.get(timeout=max(left, 0))


class Reply(Iterator[str]):
    """The answer of a language model as pieces of text; the first `next` asks the server.

    `close`, which any thread may call, ends it and the connection; so does forgetting the reply.
    One thread at a time may iterate.
    """

    def __init__(
        self,
        delivery: Delivery,
        *,
        work: Callable[[Delivery], None],
        time_out: Callable[[FailureKind], GenerationError],
        on_close: Callable[[], None],
    ) -> None:
        """Take what another thread shall do, and what to make of it if it takes too long."""
        self._delivery = delivery
        self._work = work
        self._time_out = time_out
        self._on_close = on_close
        self._limit = _Limit(float("inf"))
        self._is_started = False
        self._is_over = False

    @property
    def usage(self) -> Usage:
        """What the server told beside the text; complete once the iteration has ended."""
        return self._delivery.usage

    def __iter__(self) -> Reply:
        return self

    def __next__(self) -> str:
        """Return the next piece of text.

        Raises:
            GenerationError: the answer failed; pieces that came before stay good.
        """
        if not self._is_started and not self._is_over:
            self._is_started = True
            threading.Thread(
                target=_run,
                args=(self._work, self._delivery),
                name="dateline-generator",
                daemon=True,
            ).start()
        while not self._is_over:
            message = self._next_message()
            if isinstance(message, str):
                return message
            if isinstance(message, _Limit):
                self._limit = message
            else:
                self._is_over = True
                if message is not None:
                    raise message
        raise StopIteration

    def close(self) -> None:
        """End the answer and the connection; nothing happens if it has ended."""
        self._is_over = True
        self._delivery.cancel()
        self._on_close()

    def __del__(self) -> None:
        if not self._is_over:
            self.close()

    def _next_message(self) -> str | _Limit | GenerationError | None:
        try:
            return self._delivery.next_message(self._limit.seconds)
        except queue.Empty:
            self.close()
            return None if self._limit.is_end else self._time_out(self._reason())

    def _reason(self) -> FailureKind:
        if not self._delivery.has_begun:
            return FailureKind.BUSY
        is_made = self._delivery.connection.is_made
        return FailureKind.CUT_OFF if is_made else FailureKind.UNREACHABLE


def _run(work: Callable[[Delivery], None], delivery: Delivery) -> None:
    try:
        work(delivery)
    except GenerationError as error:
        delivery.fail(error)
    finally:
        delivery.close()
