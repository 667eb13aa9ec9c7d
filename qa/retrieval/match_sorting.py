"""Sorts more matches than memory holds: runs go sorted to temporary files, which are merged.

Source: the merge sort of Knuth, The Art of Computer Programming, volume 3, section 5.4.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, fields
from datetime import date
from itertools import islice
from typing import IO, Any

from index_store.records import Precision, Provenance, PublicationDate
from qa.errors import DatelineError
from qa.retrieval.match import Match

_RUN = 20_000  # matches in memory at a time


class SortingError(DatelineError):
    """Matches cannot be sorted, because temporary files cannot be written or read."""


_Keyed = tuple[str, int, Match]


def sort_in_runs(
    found: Iterator[Match], key: Callable[[Match], str], *, run: int = _RUN
) -> Iterator[Match]:
    """Yield matches by a key; those of one key stay in their order. At most `run` are in memory.

    Raises:
        SortingError: the temporary files cannot be written or read.
    """
    numbered = ((key(match), number, match) for number, match in enumerate(found))
    with ExitStack() as files:
        stored: list[IO[str]] = []
        while True:
            rows = sorted(islice(numbered, run), key=_place)
            if len(rows) < run:
                break
            with _explained():
                stored.append(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
                files.callback(_close, stored[-1])
                _store(rows, stored[-1])
        for _, _, match in heapq.merge(*map(_stored, stored), rows, key=_place):
            yield match


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SortingError(
            f"the matches cannot be sorted in {tempfile.gettempdir()} ({error.strerror}); make "
            "room there, or name another folder in TMPDIR"
        ) from error


def _close(file: IO[str]) -> None:
    with suppress(OSError):  # what a full disk did not take
        file.close()


def _place(row: _Keyed) -> tuple[str, int]:
    return row[:2]


def _store(rows: list[_Keyed], file: IO[str]) -> None:
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
