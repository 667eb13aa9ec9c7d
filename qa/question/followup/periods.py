"""Finds the period that a question names, and completes a period such as "En in februari?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from index_store.records import DateRange
from qa.dates.expressions import (
    Anchor,
    DateExpression,
    Modifier,
    find_dates,
)

_INTRODUCTION = re.compile(r"\b(?:in|op|tijdens|during|on|at)\s+$", re.IGNORECASE)
# Any day will do: the rules only use expressions that do not depend on this day.
_SOME_DAY = date(2000, 6, 15)
_ANOTHER_DAY = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Period:
    """A period in a question: `words` at `question[start:end]`, with "in" or a similar word.

    `middle` is a day inside the period, or `None` if the period depends on the day of asking.
    """

    words: str
    start: int
    end: int
    middle: date | None


def find_period(question: str, language: str) -> Period | None:
    """Return the first period or day that a question names; "dat jaar" names none.

    >>> find_period("Wat zei hij in december 2021?", "nl").words
    'in december 2021'
    """
    found = find_dates(question, today=_SOME_DAY, language=language)
    named = [each for each in found if each.anchor is not Anchor.STORY]
    if not named:
        return None
    expression = named[0]
    start = expression.start
    if expression.modifier is Modifier.AROUND and expression.text.lower().startswith("about "):
        start += len("about ")  # mostly the start of "What about November"
    introduction = _INTRODUCTION.search(question, 0, start)
    if introduction:
        start = introduction.start()
    return Period(question[start : expression.end], start, expression.end, _middle(expression))


def completed(period: Period, earlier: Period | None, language: str) -> str:
    """Return the words of a period, with the nearest year added to a month or day without a year.

    The year is the one nearest to the earlier period: "februari" after "december 2021" is in 2022.

    >>> december = find_period("Hoeveel waren het er in december 2021?", "nl")
    >>> completed(find_period("En in februari?", "nl"), december, "nl")
    'in februari 2022'
    >>> completed(find_period("En vorige maand?", "nl"), december, "nl")
    'vorige maand'
    """
    if earlier is None or earlier.middle is None or period.middle is not None:
        return period.words
    ranges = [
        found[0].range
        for today in (earlier.middle, earlier.middle + _ANOTHER_DAY)
        if (found := find_dates(period.words, today=today, language=language, prefer="nearest"))
    ]
    days = [each.first for each in ranges if each.first and not _is_year(each)]
    first, other = [*days, None, None][:2]
    if first is None or other is None or (first.month, first.day) != (other.month, other.day):
        return period.words
    return f"{period.words} {first.year}"


def _is_year(days: DateRange) -> bool:
    """Tell whether a period is a whole year, such as "vorig jaar", which needs no added year."""
    first = days.first
    return first is not None and days == DateRange(date(first.year, 1, 1), date(first.year, 12, 31))


def _middle(expression: DateExpression) -> date | None:
    first, last = expression.range.first, expression.range.last
    if expression.anchor is not Anchor.CALENDAR or not (first or last):
        return None
    if first and last:
        return first + (last - first) / 2
    return first or last
