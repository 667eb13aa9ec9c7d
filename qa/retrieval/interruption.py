"""Long work that somebody waits for stops soon after nobody does any more.

Whoever begins the work says how it is found out; the work asks between two articles. So no function
in between has to hand it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Check = Callable[[], None]


def _go_on() -> None:
    pass


_check: ContextVar[Check] = ContextVar("check", default=_go_on)


@contextmanager
def interruptible(check: Check) -> Iterator[None]:
    """Let `check` stop the work of the block, in this thread, by raising an error."""
    before = _check.set(check)
    try:
        yield
    finally:
        _check.reset(before)


def stop_if_in_vain() -> None:
    """Raise the error of whoever began this work, if nobody waits for it any more.

    >>> stop_if_in_vain()  # nobody said how that is found out
    """
    _check.get()()
