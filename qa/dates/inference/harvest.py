"""Finds the short span of time of an archive, if it has one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from index_store.records import DateRange

# Fewer different dates, or more days, tell nothing of the articles without a date.
_LEAST_DATES = 20
_MOST_DAYS = 366
# Papers before the first dated article and after the last one may be among the undated.
_MARGIN = timedelta(days=3)


def find_harvest(published: Sequence[DateRange]) -> DateRange | None:
    """Return the span of the different publication dates, if many of them lie within a year.

    A longer span tells nothing: there, articles of other stories do not move an interval.

    >>> find_harvest([DateRange(date(2021, 5, day), date(2021, 5, day)) for day in range(4, 29)])
    DateRange(first=datetime.date(2021, 5, 1), last=datetime.date(2021, 5, 31))
    """
    firsts = [each.first for each in published if each.first]
    lasts = [each.last for each in published if each.last]
    if len(firsts) < _LEAST_DATES or len(lasts) < _LEAST_DATES:
        return None
    first, last = min(firsts), max(lasts)
    if last - first >= timedelta(days=_MOST_DAYS):
        return None
    return DateRange(
        max(first, date.min + _MARGIN) - _MARGIN, min(last, date.max - _MARGIN) + _MARGIN
    )
