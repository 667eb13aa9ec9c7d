"""Computes calendar periods: pure functions from days to inclusive ranges of days."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from index_store.records import DateRange

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# How many months each unit of whole months has.
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
DAYS_IN = {"day": 1, "week": 7, "fortnight": 14, "weekend": 7}


def days(first: date, last: date | None = None) -> DateRange:
    """Return the range from `first` through `last`, or of `first` alone."""
    return DateRange(first, last or first)


def add_months(day: date, count: int) -> date:
    """Move a day by whole months; if the month is too short, use its last day.

    >>> add_months(date(2021, 1, 31), 1)
    datetime.date(2021, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add(day: date, count: int, unit: str) -> date:
    """Move a day by a number of units, made of days (`DAYS_IN`) or months (`MONTHS_IN`)."""
    if unit in DAYS_IN:
        return day + timedelta(days=count * DAYS_IN[unit])
    if unit == "workday":
        return _add_workdays(day, count)
    return add_months(day, count * MONTHS_IN[unit])


def _add_workdays(day: date, count: int) -> date:
    weeks, rest = divmod(abs(count), 5)
    step = DAY if count >= 0 else -DAY
    day += weeks * 7 * step
    while rest or (count and day.weekday() > 4):
        day += step
        rest -= day.weekday() < 5 and rest > 0
    return day


def months(year: int, first: int, count: int = 1) -> DateRange:
    """Return the range of `count` months from month `first` of the year, which may be over 12."""
    start = add_months(date(year, 1, 1), first - 1)
    return DateRange(start, add_months(start, count) - DAY)


def years(first: int, last: int) -> DateRange:
    """Return the range of whole years; no year 0 exists, so the first century starts in 1."""
    return DateRange(date(max(first, 1), 1, 1), date(last, 12, 31))


def week_of(day: date) -> DateRange:
    """Return the week of a day, Monday through Sunday."""
    monday = day - timedelta(days=day.weekday())
    return DateRange(monday, monday + 6 * DAY)


def weekend_of(day: date) -> DateRange:
    """Return the Saturday and Sunday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return DateRange(monday + 5 * DAY, monday + 6 * DAY)


def iso_week(year: int, number: int) -> DateRange:
    """Return a numbered week of a year; -1 is the last week. Source: ISO 8601.

    Raises:
        ValueError: the year has no such week.

    >>> iso_week(2015, 1).first
    datetime.date(2014, 12, 29)
    """
    if number == -1:
        return week_of(date(year, 12, 28))  # the 28th always lies in the last week
    return week_of(date.fromisocalendar(year, number, 1))


def week_within(period: DateRange, number: int) -> DateRange:
    """Return the numbered week (-1: the last) of a period; its Thursday must lie in the period.

    Raises:
        ValueError: the period has no such week.
    """
    thursday = nth_weekday(period, number, 3)
    return week_of(thursday)


def nth_weekday(period: DateRange, number: int, weekday: int) -> date:
    """Return the numbered (-1: the last) Monday (0) to Sunday (6) in a period.

    Raises:
        ValueError: the period is open or has no such day.

    >>> nth_weekday(months(2021, 9), 3, 1)
    datetime.date(2021, 9, 21)
    """
    first, last = ends(period)
    if number < 0:
        day = last - timedelta(days=(last.weekday() - weekday) % 7)
    else:
        day = first + timedelta(days=(weekday - first.weekday()) % 7) + (number - 1) * WEEK
    if not first <= day <= last:
        raise ValueError("the period has no such weekday")
    return day


def ends(period: DateRange) -> tuple[date, date]:
    """Return both ends of a closed range.

    Raises:
        ValueError: a side is open.
    """
    if period.first is None or period.last is None:
        raise ValueError("the range is open on a side")
    return period.first, period.last


def period_of(day: date, unit: str, step: int = 0) -> DateRange:
    """Return the period of a unit that holds a day, or the period `step` units later.

    >>> period_of(date(2019, 7, 4), "quarter", -1).first
    datetime.date(2019, 4, 1)
    """
    return _PERIODS[unit](day, step)


def _months_period(length: int) -> Callable[[date, int], DateRange]:
    def period(day: date, step: int) -> DateRange:
        # Decades start in years ending on 0 and centuries on 00, as they are spoken of.
        index = (day.year * 12 + day.month - 1) // length + step
        year, month = divmod(index * length, 12)
        if year == 0:
            return years(0, length // 12 - 1)
        return months(year, month + 1, length)

    return period


_PERIODS: dict[str, Callable[[date, int], DateRange]] = {
    "day": lambda day, step: days(day + step * DAY),
    "week": lambda day, step: week_of(day + step * WEEK),
    "fortnight": lambda day, step: DateRange(
        week_of(day + 2 * step * WEEK).first, week_of(day + (2 * step + 1) * WEEK).last
    ),
    "workday": lambda day, step: days(_add_workdays(day, step)),
    "weekend": lambda day, step: weekend_of(day + step * WEEK),
    **{unit: _months_period(length) for unit, length in MONTHS_IN.items()},
}


def season(year: int, index: int) -> DateRange:
    """Return a season of three months, spring (0) to winter (3).

    The winter of a year ends in that year. Source: the weather years of the KNMI.
    """
    return months(year - (index == 3), 3 + 3 * index, 3)


def nearest_weekday(today: date, weekday: int, prefer: str) -> date:
    """Return the weekday before, after or nearest to today, by `prefer`; today itself counts."""
    back = (today.weekday() - weekday) % 7
    if prefer == "past" or (prefer == "nearest" and back <= 3):
        return today - timedelta(days=back)
    return today + timedelta(days=(7 - back) % 7)
