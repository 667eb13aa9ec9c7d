"""Says how far long work is: by a bar on a terminal, elsewhere by a plain line now and then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol, TypeVar, cast

_EVERY = 10.0  # seconds

_Item = TypeVar("_Item")


class Count(Protocol):
    """What the work tells: `n` steps of `total` (`None`: unknown) are done."""

    n: float
    total: float | None

    def update(self, n: float = 1) -> bool | None:
        """Add so many steps."""

    def set_postfix_str(self, s: str = "", refresh: bool = True) -> None:
        """Tell something beside the steps."""


class _Lines:
    """Prints a line at a steady pace, from a thread, so that a long step is told of as well."""

    def __init__(
        self, name: str, unit: str, total: float | None, n: float, *, every: float, repeats: bool
    ) -> None:
        self.n = n
        self.total = total
        self._file, self._name, self._unit = sys.stderr, name, unit
        self._every, self._repeats = every, repeats
        self._beside = self._last = ""
        self._started = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)
        self._thread.start()

    def update(self, n: float = 1) -> bool | None:
        """Add so many steps."""
        self.n += n
        return None

    def set_postfix_str(self, s: str = "", refresh: bool = True) -> None:  # noqa: ARG002
        """Tell something beside the steps."""
        self._beside = s

    def close(self) -> None:
        """Print nothing more."""
        self._ended.set()
        self._thread.join()

    def _tell(self) -> None:
        while not self._ended.wait(self._every):
            told = ", ".join(filter(None, [self._steps(), self._beside]))
            if self._repeats or told != self._last:
                self._last = told
                seconds = int(time.monotonic() - self._started)
                line = ", ".join(filter(None, [told, f"{seconds // 60}:{seconds % 60:02} so far"]))
                with suppress(OSError, ValueError):  # nobody reads it
                    print(f"dateline: {self._name}: {line}", file=self._file, flush=True)

    def _steps(self) -> str:
        if not self._unit:
            return ""
        # Of files, what was read: their last chunks are encoded after the last byte.
        scale, unit, digits = (1e6, "MB read", 2) if self._unit == "B" else (1, self._unit, 0)
        done = f"{self.n / scale:.{digits}f}"
        if not self.total:
            return f"{done} {unit}"
        part = min(100, int(100 * self.n / self.total))
        return f"{done} of {self.total / scale:.{digits}f} {unit} ({part} %)"


@contextmanager
def counted(
    name: str,
    *,
    unit: str = "",
    total: float | None = None,
    initial: float = 0,
    every: float = _EVERY,
    repeats: bool = True,
) -> Iterator[Count]:
    """Yield what counts the steps of long work, and tells of them on standard error.

    A terminal gets a bar. Elsewhere a line is printed every `every` seconds, and none of what takes
    less; without `repeats` none that would say what the last one said. `unit` "B" is bytes;
    `initial` steps were done before.
    """
    if sys.stderr.isatty():
        from tqdm import tqdm

        told = unit if unit == "B" else f" {unit}"
        scaled = unit == "B"
        with tqdm(
            total=total, initial=initial, unit=told, unit_scale=scaled, desc=name, leave=False
        ) as bar:
            yield cast(Count, bar)
        return
    lines = _Lines(name, unit, total, initial, every=every, repeats=repeats)
    try:
        yield lines
    finally:
        lines.close()


def reach(count: Count, done: float) -> None:
    """Tell that so many steps are done in all."""
    count.update(done - count.n)


def each_counted(items: Sequence[_Item], name: str, *, unit: str) -> Iterator[_Item]:
    """Yield items, and tell how many of them were worked on."""
    with counted(name, unit=unit, total=len(items)) as count:
        for each in items:
            yield each
            count.update()
