"""Keeps more sorted rows than memory holds: in temporary files, which are merged.

Source: the merge sort of Knuth, The Art of Computer Programming, volume 3, section 5.4.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, Generic, TypeVar

from qa.errors import DatelineError

_MOST_FILES = 32  # of one size

Row = TypeVar("Row")


class SortingError(DatelineError):
    """Matches or n-grams cannot be sorted: temporary files cannot be written or read."""


class SortedRuns(Generic[Row]):
    """Sorted runs in temporary files. As soon as there are many of one size, they become one.

    So few files are open at a time, and a row is written once for each size. `encode` makes JSON
    values of a row, and `decode` the row of these.
    """

    def __init__(
        self,
        key: Callable[[Row], Any],
        encode: Callable[[Row], object],
        decode: Callable[[Any], Row],
    ) -> None:
        """Begin with no runs; they are sorted by a key."""
        self._key, self._encode, self._decode = key, encode, decode
        self._sizes: list[list[IO[str]]] = []

    def add(self, rows: Iterable[Row], size: int = 0) -> None:
        """Keep a sorted run.

        Raises:
            SortingError: a temporary file cannot be written or read.
        """
        if size == len(self._sizes):
            self._sizes.append([])
        files = self._sizes[size]
        with _explained():
            files.append(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
            self._store(rows, files[-1])
        if len(files) == _MOST_FILES:
            self.add(heapq.merge(*map(self._stored, files), key=self._key), size + 1)
            _close(files)

    def merged(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows of all runs, and of another one that is in memory, in order.

        Raises:
            SortingError: a temporary file cannot be read.
        """
        runs = [self._stored(file) for files in self._sizes for file in files]
        return heapq.merge(*runs, rows, key=self._key)

    def close(self) -> None:
        """Remove all files."""
        for files in self._sizes:
            _close(files)

    def _store(self, rows: Iterable[Row], file: IO[str]) -> None:
        for row in rows:
            file.write(json.dumps(self._encode(row)) + "\n")
        file.seek(0)

    def _stored(self, file: IO[str]) -> Iterator[Row]:
        lines = iter(file)
        while True:
            with _explained():
                line = next(lines, "")
            if not line:
                return
            yield self._decode(json.loads(line))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SortingError(
            f"the matches cannot be sorted in {tempfile.gettempdir()} ({error.strerror}); make "
            "room there, or name another folder in TMPDIR"
        ) from error


def _close(files: list[IO[str]]) -> None:
    for file in files:
        with suppress(OSError):  # what a full disk did not take
            file.close()
    files.clear()
