"""The counts of a search over time and by source, as the page draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from index_store.catalog.listing import MonthCount
from qa.retrieval.match_counts import FacetCount
from qa.retrieval.matches import Matches
from qa.web.page.coverage import Bar, bars_of

_MOST_SOURCES = 200
_LENGTHS = {"month": len("2021-12"), "year": len("2021")}


def overview(matches: Matches, language: str) -> dict[str, Any]:
    """Return the counts of all matches, by month or year and by source; all are read once."""
    months, years, sources = matches.by_each("month", "year", "source")
    return {
        "counts": matches.counts.to_dict(),
        "time": _over_time(months, years, language),
        "sources": [{"value": each.value, **_numbers(each)} for each in sources[:_MOST_SOURCES]],
        "more_sources": max(0, len(sources) - _MOST_SOURCES),
    }


def _over_time(
    months: Sequence[FacetCount], years: Sequence[FacetCount], language: str
) -> dict[str, Any]:
    """Return a bar for each month, or for each year of a long time, with the counts of it."""
    bars = bars_of(places_by_time(months, years), language)
    counts = {each.value: each for each in (years if bars.unit == "year" else months)}
    return {
        "unit": bars.unit,
        "bars": [_bar(bar, counts.get(_value(bar, bars.unit))) for bar in bars.bars],
        "imprecise": bars.imprecise,
        "undated": bars.undated,
    }


def places_by_time(
    months: Sequence[FacetCount], years: Sequence[FacetCount]
) -> tuple[MonthCount, ...]:
    """Return the places in texts and titles by month; those known to the year span its months.

    >>> month = FacetCount("month", "2021-12", 1, 2, 1, 4)
    >>> year = FacetCount("year", "2021", 3, 5, 1, 9)
    >>> for count in places_by_time([month], [year, FacetCount("year", None, 1, 1, 0, 1)]):
    ...     print(count.first, count.last, count.articles)
    2021-12 2021-12 3
    2021-01 2021-12 3
    None None 1
    """
    found, of_year = [], Counter[str | None]()
    for each in months:
        if each.value is not None:
            found.append(MonthCount(each.value, each.value, _places(each)))
            of_year[each.value[: _LENGTHS["year"]]] += _places(each)
    for each in years:
        left = _places(each) - of_year[each.value]
        if left:
            ends = [each.value and f"{each.value}-{month}" for month in ("01", "12")]
            found.append(MonthCount(ends[0], ends[1], left))
    return tuple(found)


def _bar(bar: Bar, count: FacetCount | None) -> dict[str, Any]:
    return {
        "first": bar.first.isoformat(),
        "last": bar.last.isoformat(),
        "label": bar.label,
        "mark": bar.mark,
        "count": bar.articles,
        **(_numbers(count) if count else {"places": 0, "articles": 0, "of_articles": 0}),
    }


def _value(bar: Bar, unit: str) -> str:
    return bar.first.isoformat()[: _LENGTHS[unit]]


def _numbers(count: FacetCount) -> dict[str, int]:
    return {
        "places": _places(count),
        "articles": count.articles,
        "of_articles": count.of_articles,
    }


def _places(count: FacetCount) -> int:
    return count.places + count.title_places
