"""Sorts more matches than memory holds: runs go sorted to temporary files, which are merged.

Source: the merge sort of Knuth, The Art of Computer Programming, volume 3, section 5.4.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, fields
from datetime import date
from itertools import islice
from typing import IO, Any

from index_store.records import Precision, Provenance, PublicationDate
from qa.errors import DatelineError
from qa.retrieval.match import Match

MOST_IN_MEMORY = 20_000  # matches at a time
_MOST_FILES = 32  # of one size


class SortingError(DatelineError):
    """Matches cannot be sorted, because temporary files cannot be written or read."""


_Keyed = tuple[str, int, Match]


def sort_in_runs(
    found: Iterator[Match], key: Callable[[Match], str], *, run: int = MOST_IN_MEMORY
) -> Iterator[Match]:
    """Yield matches by a key; those of one key stay in their order. At most `run` are in memory.

    Raises:
        SortingError: the temporary files cannot be written or read.
    """
    numbered = _keyed(found, key)
    with closing(_Runs()) as runs:
        while True:
            rows = sorted(islice(numbered, run), key=_place)
            if len(rows) < run:
                break
            runs.add(rows)
        for _, _, match in heapq.merge(*runs.stored(), rows, key=_place):
            yield match


def first_sorted(found: Iterator[Match], key: Callable[[Match], str], *, limit: int) -> list[Match]:
    """Return the first of the matches that `sort_in_runs` yields; no more than these are kept."""
    return [row[2] for row in heapq.nsmallest(limit, _keyed(found, key), key=_place)]


def _keyed(found: Iterator[Match], key: Callable[[Match], str]) -> Iterator[_Keyed]:
    return ((key(match), number, match) for number, match in enumerate(found))


class _Runs:
    """Sorted runs in temporary files. As soon as there are many of one size, they become one.

    So few files are open at a time, and a match is written once for each size.
    """

    def __init__(self) -> None:
        self._sizes: list[list[IO[str]]] = []

    def add(self, rows: Iterable[_Keyed], size: int = 0) -> None:
        """Keep a sorted run."""
        if size == len(self._sizes):
            self._sizes.append([])
        files = self._sizes[size]
        with _explained():
            files.append(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
            _store(rows, files[-1])
        if len(files) == _MOST_FILES:
            self.add(heapq.merge(*map(_stored, files), key=_place), size + 1)
            _close(files)

    def stored(self) -> Iterator[Iterator[_Keyed]]:
        """Yield each of the runs."""
        return (_stored(file) for files in self._sizes for file in files)

    def close(self) -> None:
        """Remove all files."""
        for files in self._sizes:
            _close(files)


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


def _place(row: _Keyed) -> tuple[str, int]:
    return row[:2]


def _store(rows: Iterable[_Keyed], file: IO[str]) -> None:
    for key, number, match in rows:
        values = {field.name: getattr(match, field.name) for field in fields(match)}
        values["published"] = asdict(match.published)
        file.write(json.dumps([key, number, values], default=date.isoformat) + "\n")
    file.seek(0)


def _stored(file: IO[str]) -> Iterator[_Keyed]:
    lines = iter(file)
    while True:
        with _explained():
            line = next(lines, "")
        if not line:
            return
        key, number, values = json.loads(line)
        published = _published(values.pop("published"))
        yield key, number, Match(published=published, **values)


def _published(values: dict[str, Any]) -> PublicationDate:
    first, last = (values[name] and date.fromisoformat(values[name]) for name in ("first", "last"))
    return PublicationDate(
        first,
        last,
        Precision(values["precision"]),
        Provenance(values["provenance"]),
        values["words"],
        values["score"],
    )
