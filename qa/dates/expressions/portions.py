"""Parts of a period, such as its beginning, its second half and what is left of it."""

from __future__ import annotations

from datetime import date, timedelta

from index_store.records import DateRange
from qa.dates.expressions.calendar_spans import (
    DAY,
    add_months,
    days,
    ends,
)

# First and last month, day of the month, or year of the start, the middle and the end.
_MONTHS_OF_YEAR = {"start": (1, 4), "middle": (5, 8), "end": (9, 12)}
_YEARS_OF_DECADE = {"start": (0, 3), "middle": (4, 6), "end": (7, 9)}
_YEARS_OF_CENTURY = {"start": (0, 29), "middle": (35, 64), "end": (70, 99)}
_DAYS_OF_WEEK = {"start": (0, 2), "middle": (2, 4), "end": (3, 6)}
_DAYS_OF_MONTH = {"start": (1, 15), "middle": (10, 20), "end": (16, 31)}


def portion(period: DateRange, kind: str, part: str) -> DateRange:
    """Return the "start", the "middle" or the "end" of a period.

    The widths are conventions: thirds of a year and of a decade, and halves of a month around a
    middle of ten days. "This year" has halves. Source: Microsoft Recognizers-Text.

    >>> portion(DateRange(date(2021, 3, 1), date(2021, 3, 31)), "month", "end").first
    datetime.date(2021, 3, 16)
    """
    first, last = ends(period)
    if kind == "month":
        low, high = _DAYS_OF_MONTH[part]
        return days(first.replace(day=low), min(last, first + (high - 1) * DAY))
    if kind == "week":
        low, high = _DAYS_OF_WEEK[part]
        return days(first + low * DAY, first + high * DAY)
    if kind == "this year":
        begins = {"start": 0, "middle": 3, "end": 6}[part]
        return days(add_months(first, begins), add_months(first, begins + 6) - DAY)
    if kind == "year":
        low, high = _MONTHS_OF_YEAR[part]
        return days(add_months(first, low - 1), add_months(first, high) - DAY)
    if kind in ("decade", "century"):
        low, high = (_YEARS_OF_DECADE if kind == "decade" else _YEARS_OF_CENTURY)[part]
        start = first.year - first.year % 10
        return days(date(max(start + low, 1), 1, 1), date(start + high, 12, 31))
    return third(period, part)


def third(period: DateRange, part: str) -> DateRange:
    """Return a third of a period of any length."""
    first, last = ends(period)
    index = ("start", "middle", "end").index(part)
    length = (last - first).days + 1
    low, high = length * index // 3, max(length * (index + 1) // 3, length * index // 3 + 1)
    return days(first + low * DAY, min(first + (high - 1) * DAY, last))


def half(period: DateRange, number: int) -> DateRange:
    """Return the first (1) or second (2) half, of whole months if the period has them.

    >>> half(DateRange(date(2021, 1, 1), date(2021, 12, 31)), 2).first
    datetime.date(2021, 7, 1)
    """
    first, last = ends(period)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    whole = first.day == 1 and (last + DAY).day == 1 and count % 2 == 0
    middle = add_months(first, count // 2) if whole else middle_of(period)
    return days(first, middle - DAY) if number == 1 else days(middle, last)


def middle_of(period: DateRange) -> date:
    """Return the day on which the second half starts."""
    first, last = ends(period)
    return first + timedelta(days=((last - first).days + 1) // 2)


def rest(period: DateRange, today: date) -> DateRange:
    """Return the part of a period from today on.

    Raises:
        ValueError: nothing is left of it.
    """
    first, last = ends(period)
    return days(max(first, today), last)


def earlier(period: DateRange, today: date) -> DateRange:
    """Return the part of a period before today.

    Raises:
        ValueError: there is none.
    """
    first, last = ends(period)
    return days(first, min(last, today - DAY))


def later(period: DateRange, kind: str, today: date) -> DateRange:
    """Return the late part of a period, without the days before today.

    Raises:
        ValueError: nothing is left of it.
    """
    part = portion(period, "this year" if kind == "year" else kind, "end")
    return rest(part, today)
