"""The notations in which sources write a publication date, and the words around the date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_CLOCK = r"""
    (?: \s*[,|–-]?\s* (?:T|om|at|@)? \s*
        (?: (?P<hour>[01]?\d|2[0-3]) [:.] (?P<minute>[0-5]\d) (?: [:.] [0-6]\d (?:[.,]\d{1,9})? )?
          | (?<=T) (?P<hour_2>[01]\d|2[0-3]) (?P<minute_2>[0-5]\d) (?:[0-5]\d)? )
        \s* (?: uur | u\.? | h | (?P<half>[ap]\.?m\.?) )?
        \s* (?P<zone> Z | [A-Z]{3,4} (?=[+-]) | [A-Z]{2,4} )?
        \s* (?P<offset> [+-]\d{2}:?(?:\d{2})? )?
        (?: \s* \([^()]{1,60}\) )?
    )?
"""
_WEEKDAY = r"(?: (?P<weekday>[a-z]+) [.,]* \s+ )?"
_WEEKDAY_AFTER = r"(?: ,?\s+ (?P<weekday_after>[a-z]+) )??"
_ORDINAL = r"(?: st | nd | rd | th | ste | de | e | \. )?"
_YEAR = r"(?: (?P<year>\d{4}) | ['’]?(?P<short_year>\d\d) (?!\d) )"
_FULL_YEAR = r"(?P<year>\d{4})"
_NOTATIONS = tuple(
    re.compile(pattern, re.ASCII | re.VERBOSE | re.IGNORECASE)
    for pattern in (
        rf"{_FULL_YEAR} (?P<mark>[-/.]) (?P<month>\d\d?) (?P=mark) (?P<day>\d\d?) {_CLOCK}",
        rf"{_FULL_YEAR} (?P<month>\d\d) (?P<day>\d\d) {_CLOCK}",
        rf"(?P<one>\d\d?) \s? (?P<mark>[-/.]) \s? (?P<two>\d\d?) \s? (?P=mark) \s?"
        rf"(?: (?P<year>\d{{4}}) | '?(?P<three>\d\d) (?!\d) ) {_WEEKDAY_AFTER} {_CLOCK}",
        r"(?P<year>\d{4}) (?: [-/] (?P<month>\d\d?) )?",
        rf"{_WEEKDAY} (?P<day>\d\d?) {_ORDINAL} [\s/-]+ (?P<name>[a-z]+) [.,]? [\s/-]+"
        rf"{_YEAR} {_WEEKDAY_AFTER} {_CLOCK}",
        rf"{_WEEKDAY} (?P<name>[a-z]+) \.? \s+ (?P<day>\d\d?) {_ORDINAL} (?: ,\s* | \s+ )"
        rf"{_YEAR} {_WEEKDAY_AFTER} {_CLOCK}",
        r"(?P<name>[a-z]+) [.,]? \s+ (?P<year>\d{4})",
        r"(?P<name>[a-z]+) \.? (?: - | \s? (?=['’]) ) ['’]?(?P<short_year>\d\d)",
        r"(?P<name>[a-z]+) - (?P<year>\d{4})",
        rf"(?P<day>\d\d) (?P<name>[a-z]{{3}}) {_YEAR} {_CLOCK}",
        rf"{_FULL_YEAR} [\s/-] (?P<name>[a-z]+) \.? [\s/-] (?P<day>\d\d?) {_CLOCK}",
        # As Twitter and Unix write it: the year comes after the clock.
        r"(?P<weekday>[a-z]+) \s+ (?P<name>[a-z]+) \s+ (?P<day>\d\d?) \s+"
        r"(?P<hour>\d\d) : (?P<minute>\d\d) : \d\d"
        r"(?: \s+ (?P<zone>[A-Z]{2,4}) )? (?: \s+ (?P<offset>[+-]\d{4}) )? \s+ (?P<year>\d{4})",
    )
)
_COMPACT_MOMENT = re.compile(r"(?:1[5-9]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
                             r"(?:[01]\d|2[0-3])(?:[0-5]\d){1,2}")  # fmt: skip
_CLOCK_FIRST = re.compile(
    r"(?:[01]?\d|2[0-3])(?::[0-5]\d(?::[0-5]\d)?(?:\s*(?:uur|[ap]\.?m\.?))?|\.[0-5]\d\s*uur)"
    r"\s*[,|–-]?\s+(?=\S*\d)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\s*(?:(?:eerst|laatst|first)\s+)?(?:gepubliceerd|geplaatst|verschenen|online|published|posted"
    r"|publicatiedatum|publicatie|publication(?:\s+date)?|verschijningsdatum|datum|date)"
    r"(?:\s+(?:op|on|at|date))?\s*[:,]?\s+(?=\S)",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"[\s,;|·(/–-]*\b(?:(?:voor\s+het\s+)?laatst(?:e)?\s+|last\s+)?"
    r"(?:bijgewerkt|gewijzigd|aangepast|ge-?update|update|updated|modified|edited)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def bare_date(words: str) -> str:
    """Return the words of a date without a label before it, or a later change after it.

    >>> bare_date("Gepubliceerd: 3 januari 2022 (bijgewerkt 5 januari 2022)")
    '3 januari 2022'
    """
    stripped = _LABEL.sub("", words, count=1) if _LABEL.match(words) else words
    stripped = _CHANGED.sub("", stripped, count=1).strip(" ,;|·")
    return _CLOCK_FIRST.sub("", stripped, count=1) if _CLOCK_FIRST.match(stripped) else stripped


def compact_moment(digits: str) -> str | None:
    """Return the day of 14 or 12 digits that are a day with its clock, as eight digits.

    >>> compact_moment("20220103090000"), compact_moment("1641164400000")
    ('20220103', None)
    """
    return digits[:8] if _COMPACT_MOMENT.fullmatch(digits) else None


def notations(words: str) -> Iterator[dict[str, str | None]]:
    """Yield the parts of a date in each notation that the words follow, the likeliest first.

    The names of months and weekdays are known ones. A numeric date whose order is open has the
    parts "one", "two" and "three" (or "year").
    """
    for notation in _NOTATIONS:
        match = notation.fullmatch(words)
        if match and _knows_names(match):
            parts = match.groupdict()
            for part in ("hour", "minute"):
                parts[part] = parts.get(part) or parts.pop(f"{part}_2", None)
            yield parts


def month_number(name: str) -> int:
    """Return the number of a month from its Dutch or English name."""
    return _calendar_names("months")[name.casefold()]


def is_month(name: str) -> bool:
    """Tell whether a word is the Dutch or English name of a month.

    >>> is_month("Maart"), is_month("maandag")
    (True, False)
    """
    return name.casefold() in _calendar_names("months")


def _knows_names(match: re.Match[str]) -> bool:
    parts = match.groupdict()
    name = parts.get("name")
    weekdays = [parts.get("weekday"), parts.get("weekday_after")]
    return (name is None or name.casefold() in _calendar_names("months")) and all(
        weekday is None or weekday.casefold() in _calendar_names("days") for weekday in weekdays
    )


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
