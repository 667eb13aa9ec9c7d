"""Reads the publication dates that sources state, in many notations and without guessing."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache

from index_store.records import UNKNOWN_DATE, Precision, Provenance, PublicationDate

_FIRST_YEAR, _LAST_YEAR = 1000, 2999
_LONGEST_DATE = 100
# A smaller number is a year or YYYYMMDD; this one is the third of March 1973 in epoch seconds.
_SMALLEST_EPOCH = 10**8
_SMALLEST_EPOCH_MILLISECONDS = 10**11
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_CLOCK = r"""
    (?: \s*,?\s* (?:T|om|at)? \s*
        (?: (?:[01]?\d|2[0-3]) [:.] [0-5]\d (?: [:.] [0-6]\d (?:[.,]\d{1,9})? )?
          | (?<=T) (?:[01]\d|2[0-3]) [0-5]\d (?:[0-5]\d)? )
        \s* (?: uur | [ap]\.?m\.? )?
        \s* (?: Z | [A-Z]{3,4} )? (?: [+-]\d{2}:?(?:\d{2})? )?
    )?
"""
_WEEKDAY = r"(?: (?P<weekday>[a-z]+) [.,]* \s+ )?"
_ORDINAL = r"(?: st | nd | rd | th | ste | de | e | \. )?"
_NOTATIONS = tuple(
    re.compile(pattern, re.ASCII | re.VERBOSE | re.IGNORECASE)
    for pattern in (
        rf"(?P<year>\d{{4}}) (?P<mark>[-/.]) (?P<month>\d\d?) (?P=mark) (?P<day>\d\d?) {_CLOCK}",
        rf"(?P<year>\d{{4}}) (?P<month>\d\d) (?P<day>\d\d) {_CLOCK}",
        rf"(?P<day>\d\d?) (?P<mark>[-/.]) (?P<month>\d\d?) (?P=mark) (?P<year>\d{{4}}) {_CLOCK}",
        r"(?P<year>\d{4}) (?: [-/] (?P<month>\d\d?) )?",
        rf"{_WEEKDAY} (?P<day>\d\d?) {_ORDINAL} [\s-]+ (?P<name>[a-z]+) [.,]? [\s-]+"
        rf"(?P<year>\d{{4}}) {_CLOCK}",
        rf"{_WEEKDAY} (?P<name>[a-z]+) \.? \s+ (?P<day>\d\d?) {_ORDINAL} (?: ,\s* | \s+ )"
        rf"(?P<year>\d{{4}}) {_CLOCK}",
        r"(?P<name>[a-z]+) [.,]? \s+ (?P<year>\d{4})",
    )
)
_SHORT_YEAR = re.compile(r"\d\d?([-/.])\d\d?\1'?\d\d|.*[a-z][.,]*[\s-]+(?:\d\d?,?\s+)?['’]?\d\d")


def parse_stated_date(value: object) -> PublicationDate:
    """Read a publication date as written in a field, a header or page metadata.

    Numeric dates put the day first, as the Dutch do, unless the year comes first: "1/2/2021" is the
    first of February, and "12/17/2021" is refused. For a moment, the written day counts, whatever
    its time zone. A partial date keeps its precision. A number above 10**8 is a count of seconds
    (or milliseconds) since 1970, read as its UTC day. `None` and blank are unknown.

    Raises: ValueError: the value cannot be read as a date without guessing.

    >>> parse_stated_date("17 dec. 2021").first
    datetime.date(2021, 12, 17)
    >>> parse_stated_date("december 2021").precision
    <Precision.MONTH: 'month'>
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return UNKNOWN_DATE
    if isinstance(value, datetime):
        return _stated(value.date(), value.date(), Precision.DAY, value.isoformat())
    if isinstance(value, date):
        return _stated(value, value, Precision.DAY, value.isoformat())
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"a date must be text or a number, not {type(value).__name__}")
    if not isinstance(value, str) and value > _SMALLEST_EPOCH:
        day = _epoch_day(value)
        return _stated(day, day, Precision.DAY, str(value))
    words = str(value).strip()
    if len(words) > _LONGEST_DATE:
        raise ValueError(f"{words[:40]!r}... is too long for a date")
    return _stated(*_parse_words(words), words)


def _stated(first: date, last: date, precision: Precision, words: str) -> PublicationDate:
    if not _FIRST_YEAR <= first.year <= last.year <= _LAST_YEAR:
        raise ValueError(f"{words!r} is not in the years {_FIRST_YEAR} through {_LAST_YEAR}")
    return PublicationDate(first, last, precision, Provenance.STATED, words)


def _epoch_day(value: float) -> date:
    try:
        seconds = value / 1000 if value >= _SMALLEST_EPOCH_MILLISECONDS else value
        return (_EPOCH + timedelta(seconds=seconds)).date()
    except OverflowError:
        raise ValueError(f"{value} is not a number of seconds or milliseconds since 1970") from None


def _parse_words(words: str) -> tuple[date, date, Precision]:
    """Read one date, or two with a slash between them (an ISO 8601 interval)."""
    span = _parse_single(words)
    if span is not None:
        return span
    if words.count("/") == 1:
        start, end = (_parse_single(side.strip()) for side in words.split("/"))
        if start and end:
            if start == end:
                return start
            if start[0] > end[1]:
                raise ValueError(f"{words!r} ends before it starts")
            return start[0], end[1], Precision.RANGE
    if _SHORT_YEAR.fullmatch(words.lower()):
        raise ValueError(f"{words!r} has a year of two digits; write all four")
    raise ValueError(f"{words!r} is not a date; write it as 2021-12-17, 2021-12 or 2021")


def _parse_single(words: str) -> tuple[date, date, Precision] | None:
    for notation in _NOTATIONS:
        match = notation.fullmatch(words)
        if match and _knows_names(match):
            return _span(words, match.groupdict())
    return None


def _knows_names(match: re.Match[str]) -> bool:
    parts = match.groupdict()
    name, weekday = parts.get("name"), parts.get("weekday")
    knows_month = name is None or name.casefold() in _calendar_names("months")
    return knows_month and (weekday is None or weekday.casefold() in _calendar_names("days"))


def _span(words: str, parts: dict[str, str | None]) -> tuple[date, date, Precision]:
    year, name = int(parts["year"] or 0), parts.get("name")
    month = _calendar_names("months")[name.casefold()] if name else int(parts.get("month") or 0)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"{words!r} is not in the years {_FIRST_YEAR} through {_LAST_YEAR}")
    if parts.get("month") is None and name is None:
        return date(year, 1, 1), date(year, 12, 31), Precision.YEAR
    if not 1 <= month <= 12:
        raise ValueError(f"{words!r} has no month {month} (read as day-month-year, or year first)")
    last_day = calendar.monthrange(year, month)[1]
    if parts.get("day") is None:
        return date(year, month, 1), date(year, month, last_day), Precision.MONTH
    day = int(parts["day"] or 0)
    if not 1 <= day <= last_day:
        raise ValueError(f"{words!r} has no day {day}: that month has {last_day} days")
    return date(year, month, day), date(year, month, day), Precision.DAY


@cache
def _calendar_names(kind: str) -> dict[str, int]:
    """Return the Dutch and English names of months and weekdays with their numbers."""
    from babel import Locale

    numbers = {}
    for identifier in ("nl", "en", "en_GB"):
        locale = Locale.parse(identifier)
        for context in getattr(locale, kind).values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    numbers[name.casefold().rstrip(".")] = number
    return numbers
