"""Limits how many questions are answered at once and how many wait; refuses the others."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from qa.errors import DatelineError

_AT_ONCE = 2
_MOST_WAITING = 48
_LONGEST_WAIT = 120.0  # seconds; less than clients wait, who thus hear that the server is busy

_SECONDS_BETWEEN_LOOKS = 0.5

IsDisconnected = Callable[[], bool]


def never_disconnected() -> bool:
    """Default check: assume that the caller is still connected."""
    return False


class LeftError(DatelineError):
    """The caller disconnected while the question waited for its turn, or was worked on."""

    def __init__(self) -> None:
        """Set the message; no caller is left to read it."""
        super().__init__("the caller has disconnected")


class BusyError(DatelineError):
    """Too many questions came at once; `texts` holds the message in each language."""

    texts: ClassVar = {
        "nl": "Er worden nu te veel vragen tegelijk gesteld; probeer het zo nog eens.",
        "en": "Too many questions are being asked right now; try again in a moment.",
    }

    def __init__(self) -> None:
        """Set the English message, for the API; the page reads its message from `texts`."""
        super().__init__(self.texts["en"])


class Gate:
    """Admits a few threads at once, lets a limited number wait in turn, and refuses the others.

    Gradio's own limit answers 503 in English, and counts each page and the API separately. This
    gate counts all questions together, from the pages and from the API.
    """

    def __init__(
        self,
        at_once: int = _AT_ONCE,
        *,
        most_waiting: int = _MOST_WAITING,
        longest_wait: float = _LONGEST_WAIT,
    ) -> None:
        """Create a gate; `longest_wait` is in seconds."""
        self._lock = threading.Lock()
        self._free = at_once
        self._waiting: deque[threading.Event] = deque()
        self._present = 0
        self._at_work = 0
        self._most_present = at_once + most_waiting
        self._longest_wait = longest_wait

    def is_used(self) -> bool:
        """Tell whether a question is being worked on."""
        return self._present > 0

    def is_full(self) -> bool:
        """Tell whether the next caller would be refused."""
        return self._present >= self._most_present

    def counts(self) -> tuple[int, int]:
        """Return how many questions are being worked on, and how many wait for a place."""
        with self._lock:
            return self._at_work, self._present - self._at_work

    @contextmanager
    def place(self, has_left: IsDisconnected = never_disconnected) -> Iterator[None]:
        """Hold a place while the block runs; wait for one first if all are taken.

        Raises:
            BusyError: no place is free, not even to wait, or the wait took too long.
            LeftError: the caller disconnected while it waited.
        """
        turn = threading.Event()
        with self._lock:
            if self.is_full():
                raise BusyError
            self._present += 1
            if self._free:
                self._free -= 1
                turn.set()
            else:
                self._waiting.append(turn)
        try:
            self._wait_for(turn, has_left)
            try:
                with self._working():
                    if has_left():
                        raise LeftError
                    yield
            finally:
                self._leave_place()
        finally:
            with self._lock:
                self._present -= 1

    def _wait_for(self, turn: threading.Event, has_left: IsDisconnected) -> None:
        """Wait in turn; whoever leaves makes room for others at once."""
        latest = time.monotonic() + self._longest_wait
        try:
            while not turn.wait(_SECONDS_BETWEEN_LOOKS):
                if has_left():
                    raise LeftError
                if time.monotonic() >= latest:
                    raise BusyError
        except DatelineError:
            with self._lock:
                if not turn.is_set():  # else the place is held already
                    self._waiting.remove(turn)
                    raise

    def _leave_place(self) -> None:
        """Hand the place to whoever waits longest.

        With a semaphore, somebody who asks again at once takes it before them, and one question may
        wait until all others are done.
        """
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    @contextmanager
    def _working(self) -> Iterator[None]:
        with self._lock:
            self._at_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1
