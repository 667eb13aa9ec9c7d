"""Resolves the expressions of an article against the day, month or year in which it appeared."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from index_store.records import DateRange, Precision, PublicationDate
from qa.dates.expressions.calendar_spans import DAY
from qa.dates.expressions.expression import (
    Anchor,
    DateExpression,
    Modifier,
    Preference,
)
from qa.dates.expressions.finder import find_readings, resolved
from qa.dates.expressions.grammar import DateMatch
from qa.dates.expressions.outlook import Outlook, outlook_of
from qa.dates.expressions.reading import Moment
from qa.dates.expressions.vocabulary import fold

# What is told of as happening now may have begun this many days ago: "vanaf 1 maart geldt".
_JUST_BEGUN = 31
# Of these a paper means the nearest; of a month or a season the last one.
_NAMES_A_DAY = ("day", "span")
_SINCE = ("sinds", "sedert", "since")
_WEEKDAY = re.compile(
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)


def resolve_against(text: str, published: PublicationDate, language: str) -> list[DateExpression]:
    """Find the expressions of an article's text, and resolve them as its readers would.

    If the day of the article is known, a bare weekday means the last such day on or before it, or
    the next one in a clause that looks ahead. A day and month without a year mean the nearest such
    day, unless the clause looks back or ahead. A range keeps its last day. If only the month is
    known, the result holds every possible day and no guess: "donderdag" is the month with its
    `weekday`, and "gisteren" begins one day before the month. If the date is unknown, only
    expressions that name their own year are resolved. Expressions that refer to the story ("die
    week") are never resolved.

    >>> from index_store.records import Provenance
    >>> december = PublicationDate(
    ...     date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH, Provenance.STATED, "2021-12")
    >>> [found] = resolve_against("Dat zei hij donderdag.", december, "nl")
    >>> found.range.first, found.range.last, found.weekday
    (datetime.date(2021, 12, 1), datetime.date(2021, 12, 31), 3)
    """
    found = []
    for candidate in find_readings(text, language):
        anchor = candidate.reading.anchor
        unknown = published.first is None or published.last is None
        if anchor is Anchor.STORY or (unknown and anchor is not Anchor.CALENDAR):
            continue
        expression = _resolve(text, candidate, published, language)
        if expression:
            found.append(_with_last_day(expression))
    return found


def _resolve(
    text: str, candidate: DateMatch, published: PublicationDate, language: str
) -> DateExpression | None:
    if published.first is None or published.last is None:
        return resolved(text, candidate, Moment(date.max.replace(day=1)))
    prefer = _preference(text, candidate, published.last, language)
    reading = candidate.reading
    latest = resolved(text, candidate, Moment(published.last, prefer))
    if latest is None or published.precision is Precision.DAY or not latest.relative:
        return latest
    if reading.weekday is not None:
        period = DateRange(published.first, published.last)
        return replace(latest, range=period, widest=period, precision=published.precision)
    if reading.in_year is not None:
        return latest
    earliest = resolved(text, candidate, Moment(published.first, prefer))
    if earliest is None:
        return None
    span = _hull(earliest.range, latest.range)
    precision = latest.precision if span == latest.range else Precision.RANGE
    return replace(
        latest, range=span, widest=_hull(earliest.widest, latest.widest), precision=precision
    )


def _hull(one: DateRange, other: DateRange) -> DateRange:
    firsts = [day for day in (one.first, other.first) if day]
    lasts = [day for day in (one.last, other.last) if day]
    return DateRange(
        min(firsts) if len(firsts) == 2 else None, max(lasts) if len(lasts) == 2 else None
    )


def _preference(text: str, candidate: DateMatch, published: date, language: str) -> Preference:
    """Return which of the possible days is meant, by the outlook of the clause around the words."""
    reading, outlook = candidate.reading, _outlook(text, candidate, language)
    if outlook in (Outlook.AHEAD, Outlook.PAST):
        return "future" if outlook is Outlook.AHEAD else "past"
    if reading.kind == "weekday" or _WEEKDAY.search(fold(text[candidate.start : candidate.end])):
        return "future" if outlook is Outlook.PRESENT else "past"
    if outlook is Outlook.OPEN:
        return "nearest" if reading.kind in _NAMES_A_DAY else "past"
    nearest = resolved(text, candidate, Moment(published, "nearest"))
    last = nearest and (nearest.range.last or nearest.range.first)
    has_begun = last and 0 <= (published - last).days <= _JUST_BEGUN
    return "nearest" if has_begun else "future"


def _outlook(text: str, candidate: DateMatch, language: str) -> Outlook:
    # What ended before may be told of in another clause than "tot vrijdag".
    is_end = candidate.reading.modifier is Modifier.UNTIL
    outlook = outlook_of(
        text, candidate.start, candidate.end, language=language, clause_only=is_end
    )
    first = text[candidate.start : candidate.end].split(maxsplit=1)[0].casefold()
    if first in _SINCE:
        return Outlook.PAST
    # "Tot vrijdag" and "vanaf vrijdag" look ahead by themselves.
    is_bound = candidate.reading.modifier in (Modifier.UNTIL, Modifier.SINCE)
    return Outlook.PRESENT if is_bound and outlook is Outlook.OPEN else outlook


def _with_last_day(found: DateExpression) -> DateExpression:
    """Keep the last day of a range: in a newspaper, "van 3 tot 5 juni" includes the fifth."""
    strict, widest = found.range, found.widest
    if found.modifier not in (None, Modifier.UNTIL) or strict.first != widest.first:
        return found
    if strict.last is None or widest.last is None:
        return found
    is_day_more = widest.last - strict.last == DAY
    return replace(found, range=widest) if is_day_more else found
