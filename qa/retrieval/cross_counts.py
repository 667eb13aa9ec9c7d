"""Counts of the matches of a query by two facets at once: months by sources, and so on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Self

from index_store.catalog.facets import Facet, values_of
from index_store.one_line import one_line
from index_store.records import ArticleFilter
from qa.errors import SettingsError
from qa.retrieval.choices import known_choice
from qa.retrieval.fits import Fit
from qa.retrieval.frame import STRING, WHOLE, frame_of
from qa.retrieval.match_counts import FacetCount, FacetCounts, FacetTally

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame

CROSS = {
    "query": STRING,
    "row": STRING,
    "column": STRING,
    "articles": WHOLE,
    "places": WHOLE,
    "title_places": WHOLE,
}
"""The columns of a cross table in a frame: a row for each cell that counts an article."""

_Value = str | None


@dataclass(frozen=True, slots=True)
class CrossCount:
    """The counts of one cell, or of all: articles, and places in texts and in titles."""

    articles: int = 0
    places: int = 0
    title_places: int = 0


_NOTHING = CrossCount()


@dataclass(frozen=True, slots=True)
class CrossCounts:
    """The counts of one query by two facets: `by` names that of the rows and that of the columns.

    `rows` and `columns` count by one facet alone, in the order of `Matches.by`; they are the totals
    of the table, and `total` is that of all. An article counts once in each of them, so the cells
    of a row add up to more where articles have several sources.
    """

    query: str
    by: tuple[str, str]
    rows: FacetCounts
    columns: FacetCounts
    cells: dict[tuple[_Value, _Value], CrossCount]
    total: CrossCount

    def __repr__(self) -> str:
        """Return the table in one line."""
        return one_line(self, "query", "by", "total")

    def __getitem__(self, values: tuple[_Value, _Value]) -> CrossCount:
        """Return the counts of a cell by the values of its row and its column."""
        return self.cells.get(values, _NOTHING)

    def filled(self) -> Iterator[tuple[_Value, _Value, CrossCount]]:
        """Yield each cell that counts an article, row by row, with the values of both facets."""
        for row, column in product(self.rows, self.columns):
            if (found := self.cells.get((row.value, column.value))) is not None:
                yield row.value, column.value, found

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the cells that count an article as JSON values, row by row."""
        for row, column, found in self.filled():
            yield {
                "query": self.query,
                "by": list(self.by),
                "values": [row, column],
                "articles": found.articles,
                "places": found.places,
                "title_places": found.title_places,
            }

    def to_dict(self) -> dict[str, Any]:
        """Return the table as JSON values; `cells` are those that count an article."""
        return {
            "query": self.query,
            "by": list(self.by),
            "rows": [each.to_dict() for each in self.rows],
            "columns": [each.to_dict() for each in self.columns],
            "cells": [
                {"values": [row, column], **asdict(found)} for row, column, found in self.filled()
            ],
            "total": asdict(self.total),
        }

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each cell; needs the extra `frame`."""
        rows = (
            {"query": self.query, "row": row, "column": column}
            | {name: getattr(found, name) for name in ("articles", "places", "title_places")}
            for row, column, found in self.filled()
        )
        return frame_of(rows, CROSS)


@dataclass(slots=True)
class CrossTally:
    """Counts the articles that match one query by two facets at once."""

    facets: tuple[Facet, Facet]
    only: ArticleFilter
    rows: FacetTally
    columns: FacetTally
    cells: Counter[tuple[_Value, _Value, str]] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)

    def add(self, fit: Fit, count: int) -> None:
        """Count so many articles in each cell of their values, and in the totals."""
        places = (count * fit.in_texts, count * fit.in_titles)
        counted = dict(zip(_NAMES, (count, *places), strict=True))
        for tally in (self.rows, self.columns):
            tally.add(fit, count)
        self.total.update(counted)
        first, second = (set(values_of(fit.article, each, self.only)) for each in self.facets)
        for row, column in product(first, second):
            self.cells.update({(row, column, name): count for name, count in counted.items()})

    @classmethod
    def together(cls, parts: dict[str, Self]) -> Self:
        """Return the tally of several archives: all counts are added up."""
        each = list(parts.values())
        return cls(
            facets=each[0].facets,
            only=each[0].only,
            rows=FacetTally.together({name: part.rows for name, part in parts.items()}),
            columns=FacetTally.together({name: part.columns for name, part in parts.items()}),
            cells=sum((part.cells for part in each), Counter()),
            total=sum((part.total for part in each), Counter()),
        )

    def counts(self) -> CrossCounts:
        """Return the table of what was counted."""
        places = {(row, column) for row, column, _ in self.cells}
        return CrossCounts(
            query=self.rows.query,
            by=(self.facets[0].value, self.facets[1].value),
            rows=self.rows.alone(),
            columns=self.columns.alone(),
            cells={at: _count({name: self.cells[*at, name] for name in _NAMES}) for at in places},
            total=_count(self.total),
        )


_NAMES = ("articles", "places", "title_places")


def _count(counted: dict[str, int]) -> CrossCount:
    return CrossCount(*(counted.get(name, 0) for name in _NAMES))


def cross_tally(
    facets: Sequence[str], only: ArticleFilter, tally_by: Callable[[str], FacetTally]
) -> CrossTally:
    """Return an empty tally by two facets; `tally_by` makes the empty one of each.

    Raises:
        SettingsError: there is no such facet, or both are the same.
    """
    rows, columns = (known_choice(Facet, each, "nothing is counted by") for each in facets)
    if rows is columns:
        raise SettingsError(f"a table by {rows} and {columns} has one sort of heads; name two")
    return CrossTally((rows, columns), only, tally_by(rows), tally_by(columns))


def with_matches(counts: FacetCounts) -> tuple[FacetCount, ...]:
    """Return the counts of the values that have a matching article."""
    return tuple(each for each in counts if each.articles)
