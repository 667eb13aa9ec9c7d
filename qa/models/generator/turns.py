"""Lets questions to one language model wait for their turn, and lets a failing server rest."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qa.models.generator.failure import FailureKind, GenerationError


class Turns:
    """A queue in the order of arrival, before a server that does so many things at a time."""

    def __init__(self, *, parallel: int, waiting: int) -> None:
        """Let `parallel` in at a time, and `waiting` more wait."""
        self._parallel = parallel
        self._waiting = waiting
        self._busy = 0
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def take(self, *, until: float, is_cancelled: Callable[[], bool]) -> Iterator[bool]:
        """Wait for a turn until a moment of the monotonic clock, and hold it.

        Yields:
            Whether it is this one's turn; not so if the queue is full, the time is over, or it was
            cancelled (see `wake`).
        """
        has_turn = self._enter(until, is_cancelled)
        try:
            yield has_turn
        finally:
            if has_turn:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def wake(self) -> None:
        """Let everybody who waits look whether it was cancelled."""
        with self._changed:
            self._changed.notify_all()

    def _enter(self, until: float, is_cancelled: Callable[[], bool]) -> bool:
        ticket = object()
        with self._changed:
            is_free = self._busy < self._parallel and not self._queue
            if not is_free and len(self._queue) >= self._waiting:
                return False
            self._queue.append(ticket)

            def may_go() -> bool:
                return is_cancelled() or (self._busy < self._parallel and self._queue[0] is ticket)

            came = self._changed.wait_for(may_go, timeout=max(until - time.monotonic(), 0))
            self._queue.remove(ticket)
            self._changed.notify_all()  # who stands behind may be the first now
            has_turn = came and not is_cancelled()
            self._busy += has_turn
            return has_turn


class Rest:
    """Remembers failures in a row; after some of them the server is not asked for a while."""

    def __init__(self, *, failures: int, seconds: float) -> None:
        """Rest for `seconds` after `failures` failures in a row."""
        self._failures = failures
        self._seconds = seconds
        self._in_a_row = 0
        self._last: GenerationError | None = None
        self._until = 0.0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Do nothing if the server may be asked.

        Raises:
            GenerationError: it rests; the error is that of its last failure.
        """
        with self._lock:
            if self._last is not None and time.monotonic() < self._until:
                raise self._last.rested()

    def succeeded(self) -> None:
        """Forget the failures."""
        with self._lock:
            self._in_a_row, self._last, self._until = 0, None, 0.0

    def failed(self, error: GenerationError) -> None:
        """Count a failure of the server; a prompt that is too long is none."""
        if error.resting or error.kind is FailureKind.TOO_LONG:
            return
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= self._failures:
                self._last, self._until = error, time.monotonic() + self._seconds
