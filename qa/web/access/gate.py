"""How many questions are worked on at once, how many may wait, and the word for the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from qa.errors import DatelineError

_AT_ONCE = 2  # reading one question already keeps several cores busy
_MOST_WAITING = 48
_LONGEST_WAIT = 300.0  # seconds; how many wait is what bounds it, on a machine that is not ill


IsDisconnected = Callable[[], bool]


def never_disconnected() -> bool:
    """Tell that whoever asks still waits for the answer; where nobody can know, it is taken so."""
    return False


class LeftError(DatelineError):
    """Whoever asked has gone while others were answered."""

    def __init__(self) -> None:
        """Say so, though nobody hears it."""
        super().__init__("whoever asked this has gone")


class BusyError(DatelineError):
    """More questions came at once than can be answered; `texts` says so per language."""

    texts: ClassVar = {
        "nl": "Er worden nu te veel vragen tegelijk gesteld; probeer het zo nog eens.",
        "en": "Too many questions are being asked right now; try again in a moment.",
    }

    def __init__(self) -> None:
        """Say it in English, the language of the API; the page takes its own from `texts`."""
        super().__init__(self.texts["en"])


class Gate:
    """Lets a few threads in at once and a bounded number wait; whoever comes then is refused.

    Gradio's own bound answers 503 with an English text of its own, and counts each page and the
    API apart; through this gate goes whoever asks, whichever way.
    """

    def __init__(
        self,
        at_once: int = _AT_ONCE,
        *,
        most_waiting: int = _MOST_WAITING,
        longest_wait: float = _LONGEST_WAIT,
    ) -> None:
        """Make a gate; `longest_wait` is in seconds."""
        self._places = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._present = 0
        self._most_present = at_once + most_waiting
        self._longest_wait = longest_wait

    def is_used(self) -> bool:
        """Tell whether a question is being worked on."""
        return self._present > 0

    def is_full(self) -> bool:
        """Tell whether whoever comes now is refused."""
        return self._present >= self._most_present

    @contextmanager
    def place(self, has_left: IsDisconnected = never_disconnected) -> Iterator[None]:
        """Hold a place for as long as the block lasts, waiting for it if need be.

        Raises:
            BusyError: there is no place, not even to wait, or the wait took too long.
            LeftError: whoever asked did not wait for it: no work is done for nobody.
        """
        with self._lock:
            if self.is_full():
                raise BusyError
            self._present += 1
        try:
            if not self._places.acquire(timeout=self._longest_wait):
                raise BusyError
            try:
                if has_left():
                    raise LeftError
                yield
            finally:
                self._places.release()
        finally:
            with self._lock:
                self._present -= 1
