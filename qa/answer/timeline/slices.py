"""Cuts time into slices, so that each slice gets its share of a timeline."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from index_store.records import ArticleFilter, DateRange
from index_store.store import StoreView

_NO_DAY = DateRange(date.max, date.max)


def slices(period: DateRange, count: int) -> list[DateRange]:
    """Cut a closed period into at most `count` slices of about the same number of days.

    >>> [str(each.first) for each in slices(DateRange(date(2021, 1, 1), date(2021, 1, 10)), 3)]
    ['2021-01-01', '2021-01-05', '2021-01-08']

    Raises:
        ValueError: a side of the period is open.
    """
    if period.first is None or period.last is None:
        raise ValueError("a period with an open side cannot be cut into slices")
    days = (period.last - period.first).days + 1
    count = max(1, min(count, days))
    starts = [period.first + timedelta(days=-(-days * at // count)) for at in range(count)]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), period.last]
    return [DateRange(first, last) for first, last in zip(starts, ends, strict=True)]


def slices_with_days(days: Sequence[date], count: int) -> list[DateRange]:
    """Return equal slices of time that hold a day: at least `count`, if there are enough days.

    The slices become narrower until enough of them hold a day; otherwise one article from 1953
    would put all the others into one slice. The result has fewer than `2 * count` slices.

    >>> years = [date(1953, 2, 1), *(date(2021, month, 1) for month in (1, 4, 7, 10))]
    >>> [each.first.year for each in slices_with_days(years, 4)]
    [1953, 2020, 2021, 2021]
    """
    days = sorted(set(days))
    if not days:
        return []
    period, parts = DateRange(days[0], days[-1]), max(1, count)
    while True:
        held = [part for part in slices(period, parts) if _holds(part, days)]
        if len(held) >= min(count, len(days)):
            return held
        parts *= 2


def _holds(part: DateRange, days: Sequence[date]) -> bool:
    at = bisect_left(days, part.first or date.min)
    return at < len(days) and days[at] <= (part.last or date.max)


def parts_of_time(
    view: StoreView, only: ArticleFilter, count: int, *, undated: bool = True
) -> list[ArticleFilter]:
    """Return filters for slices of time with articles in them, and one for undated articles."""
    dated = replace(only, include_undated=False)
    days = [_inside(middle(each), only.published) for each in view.publication_days(dated)]
    parts = [replace(dated, published=part) for part in slices_with_days(days, count)]
    if undated:
        parts.append(replace(only, published=_NO_DAY, include_undated=True))
    return parts


def middle(days: DateRange) -> date:
    """Return the day in the middle of a closed range."""
    if days.first is None or days.last is None:
        raise ValueError("a range with an open side has no middle")
    return days.first + (days.last - days.first) / 2


def _inside(day: date, period: DateRange | None) -> date:
    """Return the day in a period that is nearest to the given day."""
    first, last = (period.first, period.last) if period else (None, None)
    return min(max(day, first or day), last or date.max)
