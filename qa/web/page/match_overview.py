"""The counts of a search over time and by source, as the page draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index_store.catalog.facets import months_of
from index_store.catalog.listing import MonthCount
from qa.retrieval.cross_counts import CrossCount, CrossCounts
from qa.retrieval.fits import Fit
from qa.retrieval.joint_matches import JointMatches
from qa.retrieval.match_counts import FacetCount, FacetCounts
from qa.retrieval.matches import Matches
from qa.web.page.coverage import Bar, Bars, bars_of

_MOST_SOURCES = 200
_MOST_ROWS, _MOST_COLUMNS = 400, 30
_NO_NUMBERS = {"places": 0, "title_places": 0, "articles": 0, "of_articles": 0}
Span = tuple[str, str] | None
"""The first and the last month in which an article appeared."""
_LENGTHS = {"month": len("2021-12"), "year": len("2021")}


def overview(matches: Matches | JointMatches, language: str) -> dict[str, Any]:
    """Return the counts of all matches, by month or year and by source; all are read once."""
    (months, years, sources), spans = _read(matches, "month", "year", "source")
    known = [each.value for each in months if each.value is not None]
    bars = bars_of(places_by_time(known, spans), language)
    return {
        "counts": matches.counts.to_dict(),
        "time": _over_time(bars, years if bars.unit == "year" else months),
        "sources": [{"value": each.value, **_numbers(each)} for each in sources[:_MOST_SOURCES]],
        "more_sources": max(0, len(sources) - _MOST_SOURCES),
    }


def comparison(searches: Sequence[Matches | JointMatches], language: str) -> dict[str, Any]:
    """Return the places of several queries in one selection over time, in the same bars for all.

    Each query has a count for each bar, in order, and how many of it are in titles.
    """
    read = [_read(matches, "month", "year") for matches in searches]
    every = [spans for _, spans in read]
    known = {each.value for (counts, _), _ in read for each in counts if each.value is not None}
    bars = bars_of(places_by_time(sorted(known), sum(every, Counter())), language)
    return {
        "unit": bars.unit,
        "bars": [
            {"first": bar.first.isoformat(), "last": bar.last.isoformat()}
            | {"label": bar.label, "mark": bar.mark}
            for bar in bars.bars
        ],
        "queries": [
            {"query": matches.query, **_in_bars(spans, bars), **_titles_in(bars, months, years)}
            for matches, ((months, years), spans) in zip(searches, read, strict=True)
        ],
    }


def crossed(table: CrossCounts) -> dict[str, Any]:
    """Return a table of places by two facets: of times none before the first or after the last.

    Names are those with the most places; `more_rows` and `more_columns` say how many are left out.
    Places are those in texts and titles; how many of them stand in titles is told beside them.
    """
    rows, columns = _with_places(table.rows), _with_places(table.columns)
    heads = columns[:_MOST_COLUMNS]
    return {
        "by": list(table.by),
        "columns": [{"value": each.value, **_of_both(each)} for each in heads],
        "rows": [
            {"value": row.value, **_of_both(row)}
            | {"cells": [_places(table[row.value, each.value]) for each in heads]}
            | {"title_cells": [table[row.value, each.value].title_places for each in heads]}
            for row in rows[:_MOST_ROWS]
        ],
        "total": _places(table.total),
        "title_total": table.total.title_places,
        "more_rows": max(0, len(rows) - _MOST_ROWS),
        "more_columns": max(0, len(columns) - _MOST_COLUMNS),
    }


def _with_places(counts: Sequence[FacetCount]) -> Sequence[FacetCount]:
    """Return the counts from the first to the last that has places."""
    found = [at for at, each in enumerate(counts) if _places(each)]
    return counts[found[0] : found[-1] + 1] if found else ()


def _read(matches: Matches | JointMatches, *facets: str) -> tuple[list[FacetCounts], Counter[Span]]:
    """Return the counts by facets, and the places by when their articles appeared."""
    spans: Counter[Span] = Counter()

    def seen(fit: Fit, count: int) -> None:
        spans[months_of(fit.article, matches.only)] += count * (fit.in_texts + fit.in_titles)

    return matches.by_each(*facets, seen=seen), spans


def _in_bars(spans: Counter[Span], bars: Bars) -> dict[str, Any]:
    """Return the count of each bar, and of what fits in none."""
    length = _LENGTHS[bars.unit]
    within: Counter[str] = Counter()
    for span, count in spans.items():
        if span and span[0][:length] == span[1][:length]:
            within[span[0][:length]] += count
    counts = [within[_value(bar, bars.unit)] for bar in bars.bars]
    total, undated = spans.total(), spans[None]
    return {
        "counts": counts,
        "places": total,
        "imprecise": total - undated - sum(counts),
        "undated": undated,
    }


def _titles_in(bars: Bars, months: FacetCounts, years: FacetCounts) -> dict[str, Any]:
    """Return how many places of each bar are in titles."""
    counts = years if bars.unit == "year" else months
    found = {each.value: each.title_places for each in counts}
    return {"title_counts": [found.get(_value(bar, bars.unit), 0) for bar in bars.bars]}


def _over_time(bars: Bars, counts: Sequence[FacetCount]) -> dict[str, Any]:
    """Return the bars, each with the counts of its month or year."""
    found = {each.value: each for each in counts}
    return {
        "unit": bars.unit,
        "bars": [_bar(bar, found.get(_value(bar, bars.unit))) for bar in bars.bars],
        "imprecise": bars.imprecise,
        "undated": bars.undated,
    }


def places_by_time(months: Iterable[str], spans: Mapping[Span, int]) -> tuple[MonthCount, ...]:
    """Return the places in texts and titles by the months in which their articles appeared.

    `months` are all of the selection: those without a place count 0. `spans` counts the places by
    the first and the last month of their articles, `None` for an unknown date.

    >>> spans = {("2021-12", "2021-12"): 3, ("2019-12", "2020-01"): 2, None: 1}
    >>> for count in places_by_time(["2021-11", "2021-12"], spans):
    ...     print(count.first, count.last, count.articles)
    2021-11 2021-11 0
    2021-12 2021-12 3
    2019-12 2020-01 2
    None None 1
    """
    counts: dict[Span, int] = {**{(month, month): 0 for month in months}, **spans}
    return tuple(
        MonthCount(span[0], span[1], count) if span else MonthCount(None, None, count)
        for span, count in counts.items()
    )


def _bar(bar: Bar, count: FacetCount | None) -> dict[str, Any]:
    return {
        "first": bar.first.isoformat(),
        "last": bar.last.isoformat(),
        "label": bar.label,
        "mark": bar.mark,
        "count": bar.articles,
        **(_numbers(count) if count else _NO_NUMBERS),
    }


def _value(bar: Bar, unit: str) -> str:
    return bar.first.isoformat()[: _LENGTHS[unit]]


def _numbers(count: FacetCount) -> dict[str, int]:
    return {
        **_of_both(count),
        "articles": count.articles,
        "of_articles": count.of_articles,
    }


def _of_both(count: FacetCount) -> dict[str, int]:
    return {"places": _places(count), "title_places": count.title_places}


def _places(count: FacetCount | CrossCount) -> int:
    return count.places + count.title_places
