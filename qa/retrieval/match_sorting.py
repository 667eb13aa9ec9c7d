"""The orders of matches; sorts more matches than memory holds."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, fields
from datetime import date
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Any

from index_store.records import Precision, Provenance, PublicationDate
from qa.retrieval.match import CONTEXT, Match, left_words, right_words, with_context
from qa.retrieval.sorted_runs import SortedRuns

MOST_IN_MEMORY = 20_000  # matches at a time

_Keyed = tuple[str, int, Match]


class MatchOrder(StrEnum):
    """The order of matches; those of one article stay in the order of their places."""

    DATE = "date"  # of the article, the oldest first; unknown dates last
    NEWEST = "newest"
    ARTICLE = "article"  # by id
    SOURCE = "source"
    LEFT = "left"  # by the words before the match, the nearest word first
    RIGHT = "right"  # by the words behind the match


def _left_key(match: Match) -> str:
    return left_words(with_context(match, CONTEXT))


def _right_key(match: Match) -> str:
    return right_words(with_context(match, CONTEXT))


# What is shown around a match does not change its place.
KEYS = MappingProxyType({MatchOrder.LEFT: _left_key, MatchOrder.RIGHT: _right_key})
"""The keys of the orders in which no index yields matches."""


def sort_in_runs(
    found: Iterator[Match], key: Callable[[Match], str], *, run: int = MOST_IN_MEMORY
) -> Iterator[Match]:
    """Yield matches by a key; those of one key stay in their order. At most `run` are in memory.

    Raises:
        SortingError: temporary files cannot be written or read.
    """
    numbered = _keyed(found, key)
    with closing(SortedRuns(_place, _encoded, _decoded)) as runs:
        while True:
            rows = sorted(islice(numbered, run), key=_place)
            if len(rows) < run:
                break
            runs.add(rows)
        for _, _, match in runs.merged(rows):
            yield match


def first_sorted(found: Iterator[Match], key: Callable[[Match], str], *, limit: int) -> list[Match]:
    """Return the first of the matches that `sort_in_runs` yields; no more than these are kept."""
    return [row[2] for row in heapq.nsmallest(limit, _keyed(found, key), key=_place)]


def _keyed(found: Iterator[Match], key: Callable[[Match], str]) -> Iterator[_Keyed]:
    return ((key(match), number, match) for number, match in enumerate(found))


def _place(row: _Keyed) -> tuple[str, int]:
    return row[:2]


def _encoded(row: _Keyed) -> list[object]:
    key, number, match = row
    values = {field.name: getattr(match, field.name) for field in fields(match)}
    days = {name: _day(getattr(match.published, name)) for name in ("first", "last")}
    return [key, number, values | {"published": asdict(match.published) | days}]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _decoded(values: list[Any]) -> _Keyed:
    key, number, match = values
    return key, number, Match(**match | {"published": _published(match["published"])})


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
