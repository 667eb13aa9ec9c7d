"""Resolves the expressions of an article against the day, month or year it appeared in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

from index_store.records import DateRange, Precision, PublicationDate
from qa.dates.expressions.expression import Anchor, DateExpression, Preference
from qa.dates.expressions.finder import find_readings, resolved
from qa.dates.expressions.grammar import Candidate
from qa.dates.expressions.reading import Moment

_SENTENCE_ENDS = ".!?\n"
# How far from an expression its verb is looked for.
_REACH = 160
_FUTURE = {
    "nl": r"\b(?:zal|zullen|zult|gaan? (?:\w+ ){0,3}\w+en|komende|moeten? (?:\w+ ){0,6}zijn"
    r"|staat gepland|gepland|verwacht|wil|willen|waarschijnlijk|naar verwachting)\b",
    "en": r"\b(?:will|shall|is to|are to|going to|scheduled|expected|plans? to|due to|upcoming)\b",
}


def resolve_against(text: str, published: PublicationDate, language: str) -> list[DateExpression]:
    """Find the expressions of an article's text and resolve them as its readers would.

    In an article of a known day, a bare weekday is the last one on or before that day, or the
    next one in a sentence about the future. In one of a known month, "donderdag" is that month
    with the `weekday` noted, and "gisteren" any day from the one before the month: a range of all
    it may be, never a guess. With an unknown date only what names its own year is resolved, and
    what points back into the story ("die week") never is.

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
            found.append(expression)
    return found


def _resolve(
    text: str, candidate: Candidate, published: PublicationDate, language: str
) -> DateExpression | None:
    if published.first is None or published.last is None:
        return resolved(text, candidate, Moment(date.max.replace(day=1)))
    prefer = _preference(text, candidate, language)
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


def _preference(text: str, candidate: Candidate, language: str) -> Preference:
    """Return "future" if the sentence around an expression looks ahead."""
    left = text[max(candidate.start - _REACH, 0) : candidate.start]
    right = text[candidate.end : candidate.end + _REACH]
    begin = max(left.rfind(mark) for mark in _SENTENCE_ENDS) + 1
    ends = [place for mark in _SENTENCE_ENDS if (place := right.find(mark)) >= 0]
    sentence = f"{left[begin:]} {right[: min(ends, default=len(right))]}"
    return "future" if _looks_ahead(language).search(sentence) else "past"


@cache
def _looks_ahead(language: str) -> re.Pattern[str]:
    return re.compile(_FUTURE["nl" if language == "nl" else "en"], re.IGNORECASE)
