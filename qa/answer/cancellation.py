"""Breaks off what a language model is being asked, from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qa.models.generator import GeneratedText


class Cancellation:
    """Lets another thread break off what a model is being asked."""

    def __init__(self) -> None:
        """Nothing is cancelled yet."""
        self._lock = threading.Lock()
        self._close: Callable[[], None] | None = None
        self.is_set = False

    def attach(self, said: GeneratedText) -> None:
        """Close the answer of a model as soon as it is cancelled, or now if it already is."""
        with self._lock:
            self._close = said.close
        if self.is_set:
            self.cancel()

    def cancel(self) -> None:
        """Break off; what is being waited for ends at once."""
        with self._lock:
            self.is_set = True
            close = self._close
        if close is not None:
            close()


class RunningConsultations:
    """The questions that a model is being asked now, so that all can be broken off at once.

    It is safe to use from several threads.
    """

    def __init__(self) -> None:
        """Nothing is being asked yet."""
        self._lock = threading.Lock()
        self._running: set[Cancellation] = set()
        self._is_left = False

    @contextmanager
    def during(self, cancellation: Cancellation) -> Iterator[None]:
        """Count a question as running while the block runs; it is cancelled if models are left."""
        with self._lock:
            self._running.add(cancellation)
            is_left = self._is_left
        if is_left:
            cancellation.cancel()
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(cancellation)

    def leave(self) -> None:
        """Break off what is being asked, and let nothing more be asked."""
        with self._lock:
            self._is_left = True
            running = tuple(self._running)
        for cancellation in running:
            cancellation.cancel()
