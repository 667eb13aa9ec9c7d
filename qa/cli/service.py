"""What commands share that run until they are stopped: signals, the lock, and what they tell."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import TypeVar

import typer

from qa.errors import StoreLockedError
from qa.text.control_characters import visible

_Result = TypeVar("_Result")
_BETWEEN_TRIES = 1.0  # seconds


@contextmanager
def stopping_softly() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM and Ctrl-C set; a second Ctrl-C interrupts at once."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            signal.default_int_handler(number, frame)
        stop.set()

    before = {each: signal.signal(each, ask_to_stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ending_well() -> Iterator[None]:
    """Let SIGTERM end the command with exit code 0, after all that is open was closed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def when_free(
    work: Callable[[], _Result], stop: threading.Event, tell: Callable[[str], None]
) -> _Result | None:
    """Do work that takes the writer lock, as soon as nobody else holds it.

    `tell` is told once who holds it. Returns `None` if `stop` is set before it is free.
    """
    has_told = False
    while not stop.is_set():
        try:
            return work()
        except StoreLockedError as error:
            if not has_told:
                tell(f"waiting: {error}")
            has_told = True
            stop.wait(_BETWEEN_TRIES)
    return None


def tell_now(words: str) -> None:
    """Print a line for the person who watches, with the time."""
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
    typer.echo(f"{now} {visible(words)}", err=True)
