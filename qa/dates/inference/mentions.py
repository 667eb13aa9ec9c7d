"""Reads the mentions of days, months and years in an article that can show when it appeared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, zip_longest

from index_store.records import DateRange
from qa.dates.expressions import Anchor
from qa.dates.expressions.finder import find_readings
from qa.dates.expressions.grammar import DateMatch
from qa.dates.expressions.reading import DateMeaning, Moment
from qa.dates.inference.dateline import find_dateline
from qa.dates.inference.kinds import EvidenceKind, Tense
from qa.dates.inference.tense import tense_around
from qa.dates.inference.weekday_names import weekday_at_start

# More than this no news item has; a longer list of dates is a calendar.
_MOST_CANDIDATES = 200
# Twice as many as it takes to find so many dates in news, and some 2 s of work. Figures that are no
# dates are places too: without a bound a megabyte of "1-1-" takes 40 s.
_MOST_PLACES = 10_000
# The lead and the sentence after it.
_LEAD = 350
_FIRST_YEAR, _LAST_YEAR = 1800, 2200
# A Wednesday in the middle of a year, to try out on which side of today words lie.
_TRIAL = date(2022, 6, 15)
_BESIDE = re.compile(r"(?:,|\s?\(|\s[-–—])?\s?(?:(?:op|on|in|dus|dat is)\s)?")
_SAME_SENTENCE = re.compile(r"[^.!?\n]{0,80}")
_NO_EVENT = ("decade", "century")
# "Vorig jaar" and "volgende maand" are said all year long.
_WHOLE_UNITS = ("day", "week", "weekend", "month", "year", "this year")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in the text at `start:end`: one `period`, or days of every year or every week.

    `weekday` (Monday is 0) is the weekday that the words name or that the date falls on. `relative`
    is an expression beside the date that must mean the same day ("gisteren, 16 februari").
    """

    kind: EvidenceKind
    start: int
    end: int
    tense: Tense
    period: DateRange | None = None
    in_year: Callable[[int], DateRange] | None = None
    weekday: int | None = None
    relative: DateMeaning | None = None

    @property
    def leads(self) -> bool:
        """Tell whether the mention stands at the beginning of the article."""
        return self.start < _LEAD

    def periods(self, first_year: int, last_year: int) -> list[tuple[date, date]]:
        """Return the days that the mention can mean in these years, in order."""
        if self.period:
            return [_closed(self.period)]
        if self.in_year is None:
            return []
        found = []
        for year in range(first_year, last_year + 1):
            try:
                found.append(_closed(self.in_year(year)))
            except (ValueError, OverflowError):
                continue
        fitting = [each for each in found if self.weekday in (None, each[0].weekday())]
        return fitting or found


def read_mentions(text: str, *, language: str) -> list[DateMention]:
    """Return the mentions in a text, in order.

    >>> [found] = read_mentions("Dat zei hij donderdag 17 februari.", language="nl")
    >>> found.kind.value, found.tense.value, found.weekday
    ('weekday and date', 'past', 3)
    """
    dateline = find_dateline(text)
    readings = find_readings(text, language, most_places=_MOST_PLACES)
    candidates = list(islice(readings, _MOST_CANDIDATES))
    found, joined = [], False
    for candidate, after in zip_longest(candidates, candidates[1:]):
        if joined:
            joined = False
            continue
        both = after and _beside(text, candidate, after, language)
        joined = bool(both)
        mention = both or _alone(text, candidate, language)
        if mention and dateline and mention.start == dateline.date_start:
            mention = DateMention(
                EvidenceKind.DATELINE, mention.start, mention.end, Tense.PAST,
                mention.period, mention.in_year, mention.weekday,
            )  # fmt: skip
        if mention:
            found.append(mention)
    return found


def _beside(text: str, one: DateMatch, other: DateMatch, language: str) -> DateMention | None:
    """Return a date and words beside it, such as "gisteren", as one mention."""
    between = text[one.end : other.start]
    if not _BESIDE.fullmatch(between) and not _is_anniversary(text, one, between):
        return None
    date_of, relative = (one, other) if _is_date(one.reading) else (other, one)
    if not _is_date(date_of.reading) or not _is_relative(relative.reading):
        return None
    alone = _alone(text, date_of, language)
    if alone is None:
        return None
    weekday = relative.reading.weekday
    return DateMention(
        EvidenceKind.RELATIVE_AND_DATE if weekday is None else EvidenceKind.WEEKDAY_AND_DATE,
        one.start,
        other.end,
        tense_around(text, one.start, other.end, language=language),
        alone.period,
        alone.in_year,
        weekday,
        relative.reading if weekday is None else None,
    )


def _is_anniversary(text: str, one: DateMatch, between: str) -> bool:
    """Tell whether "tien jaar geleden" and a later date in the sentence mean the same day."""
    years_ago = text[one.start : one.end].lower().endswith(("jaar geleden", "years ago"))
    return years_ago and bool(_SAME_SENTENCE.fullmatch(between))


def _is_date(reading: DateMeaning) -> bool:
    return reading.in_year is not None or reading.anchor is Anchor.CALENDAR


def _is_relative(reading: DateMeaning) -> bool:
    if reading.weekday is not None:
        return True
    timely = reading.anchor is Anchor.TODAY and reading.in_year is None
    return timely and reading.modifier is None and reading.kind not in _NO_EVENT


def _alone(text: str, candidate: DateMatch, language: str) -> DateMention | None:
    start, end, reading = candidate.start, candidate.end, candidate.reading
    if reading.kind in _NO_EVENT or reading.anchor is Anchor.STORY:
        return None
    tense = tense_around(text, start, end, language=language)
    if reading.in_year is not None:
        return _yearly(text, candidate, reading.in_year, tense)
    try:
        span = reading.span(Moment(_TRIAL))
        if reading.anchor is not Anchor.CALENDAR:
            return _from_today(text, candidate, span, tense)
        first, last = _closed(span)
    except (ValueError, OverflowError):
        return None
    if not _FIRST_YEAR <= first.year <= last.year <= _LAST_YEAR:
        return None
    kind = EvidenceKind.YEAR
    if span.first and span.last and (last - first).days < 100:
        short = (last - first).days < 10
        kind = EvidenceKind.DATE if short else EvidenceKind.MONTH_OF_YEAR
    elif span.first is None or span.last is None:
        kind, first, last, tense = _bound(first, tense, ends=span.first is None)
    return DateMention(kind, start, end, tense, DateRange(first, last))


def _bound(day: date, tense: Tense, *, ends: bool) -> tuple[EvidenceKind, date, date, Tense]:
    """Return the year or day that "sinds 2014" or "tot 22 maart 2021" mentions."""
    if tense is Tense.UNKNOWN or not ends:
        tense = Tense.FUTURE if ends else Tense.PAST
    if (day.month, day.day) in ((1, 1), (12, 31)):
        return EvidenceKind.YEAR, date(day.year, 1, 1), date(day.year, 12, 31), tense
    return EvidenceKind.DATE, day, day, tense


def _from_today(
    text: str, candidate: DateMatch, span: DateRange, tense: Tense
) -> DateMention | None:
    """Return the mention of a weekday ("sinds dinsdag"), or of a part of a year ("dit najaar")."""
    start, end, reading = candidate.start, candidate.end, candidate.reading
    last_word = text[start:end].rsplit(maxsplit=1)[-1]
    if reading.kind == "weekday" or (reading.modifier and span.first):
        weekday = weekday_at_start(last_word)
        if reading.weekday is None:
            tense = Tense.FUTURE if span.first and span.first > _TRIAL else Tense.PAST
        if weekday is not None:
            return DateMention(EvidenceKind.WEEKDAY, start, end, tense, weekday=weekday)
    first, last = _closed(span)
    if ((last - first).days < 27 and span.last) or reading.kind in _WHOLE_UNITS:
        return None
    # "De afgelopen drie maanden" goes along with today, and tells nothing of the time of year.
    if _closed(reading.span(Moment(_TRIAL + timedelta(days=3))))[0] != first:
        return None
    return DateMention(EvidenceKind.PART_OF_YEAR, start, end, tense, relative=reading)


def _yearly(
    text: str, candidate: DateMatch, in_year: Callable[[int], DateRange], tense: Tense
) -> DateMention | None:
    words = text[candidate.start : candidate.end]
    weekday = weekday_at_start(words)
    try:
        first, last = _closed(in_year(_TRIAL.year + 2))  # a leap year, for "29 februari"
    except (ValueError, OverflowError):
        return None
    if any(letter.isdigit() for letter in words) and (last - first).days < 40:
        kind = EvidenceKind.DAY_AND_MONTH if weekday is None else EvidenceKind.WEEKDAY_AND_DATE
    else:
        kind = EvidenceKind.MONTH if (last - first).days >= 14 else EvidenceKind.HOLIDAY
    return DateMention(
        kind, candidate.start, candidate.end, tense, in_year=in_year, weekday=weekday
    )


def _closed(span: DateRange) -> tuple[date, date]:
    """Return both ends of a range; for an open range, the named end twice."""
    first, last = span.first or span.last, span.last or span.first
    if first is None or last is None:
        raise ValueError("the range names no day")
    return first, last


def days_named(mentions: list[DateMention]) -> Iterator[date]:
    """Yield the days of the mentions that name their own year."""
    for mention in mentions:
        if mention.period:
            yield from _closed(mention.period)
