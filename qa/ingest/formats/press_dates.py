"""Reads the date lines of press databases, in Dutch, English, German and French."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date
from functools import cache

from index_store.records import Precision, Provenance, PublicationDate

_LANGUAGES = ("nl", "en", "en_GB", "de", "fr")
# Short forms that databases print, beside those of the language's own tables.
_MORE_MONTHS = {"sept": 9, "juil": 7, "jun": 6, "jul": 7, "mar": 3, "maa": 3, "maerz": 3}
_LONGEST_LINE = 120
_CLOCK = r"""
    (?: ,?\s* (?:om|at|um|à)? \s*
        (?:[01]?[0-9]|2[0-3]) \s?[:.h]\s? [0-5][0-9] (?: [:.][0-5][0-9] )?
        \s* (?: [ap]\.?m\.? | uur | uhr | h )? \s* (?: [A-Z]{1,5} (?:[+-][0-9:]{1,5})? )?
    )?
"""
_WORD = r"[^\W\d_]+"
_DATE_LINES = tuple(
    re.compile(
        rf"(?: (?P<before>{_WORD}) \.?,? \s+ )? {pattern} (?: ,?\s* \(?(?P<after>{_WORD})\)?\.? )?"
        rf"{_CLOCK} (?: [,;]?\s+ (?P<edition>[^,;]*?edit[^,;]*|[^,;]*?ausgabe[^,;]*) )? \s*[;,.]?",
        re.VERBOSE | re.IGNORECASE,
    )
    for pattern in (
        rf"(?P<day>[0-9]{{1,2}}) (?:\.|er|st|nd|rd|th|e|de|ste)? \s+ (?P<month>{_WORD}) \.?,? \s+"
        r"(?P<year>[0-9]{4})",
        rf"(?P<month>{_WORD}) \.? \s+ (?P<day>[0-9]{{1,2}}) (?:st|nd|rd|th)? (?:,\s*|\s+)"
        r"(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4}) - (?P<month>[0-9]{2}) - (?P<day>[0-9]{2})",
        rf"(?P<month>{_WORD}) \.?,? \s+ (?P<year>[0-9]{{4}})",
    )
)
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})")


def date_of_line(line: str, *, day_first: bool = False) -> PublicationDate | None:
    """Return the date that a line states, if the line holds nothing else.

    A weekday, a time of the day and the name of an edition may stand beside the date. `day_first`
    also reads dates such as "4/3/2021", where the database is known to put the day first.

    >>> date_of_line("Donnerstag, 4. März 2021").first
    datetime.date(2021, 3, 4)
    >>> date_of_line("March 4, 2021 Thursday 10:15 AM GMT").first
    datetime.date(2021, 3, 4)
    >>> date_of_line("Op 4 maart 2021 ging de brug open") is None
    True
    """
    words = " ".join(line.split()) if len(line) <= 3 * _LONGEST_LINE else line
    if len(words) > _LONGEST_LINE or not re.search("[0-9]{4}", words):
        return None
    for pattern in (*_DATE_LINES, *((_DAY_FIRST,) if day_first else ())):
        match = pattern.fullmatch(words)
        parts = match.groupdict() if match else {}
        if parts and _are_weekdays(parts.get("before"), parts.get("after")):
            return _stated(parts, words)
    return None


def weekday_note(published: PublicationDate) -> str | None:
    """Return a note if the words of a date name another weekday than the one of its day.

    >>> weekday_note(date_of_line("4 maart 2021 vrijdag"))
    "'4 maart 2021 vrijdag' names another weekday than that of 2021-03-04; the date was kept"
    """
    words = [_folded(word) for word in re.findall(_WORD, published.words or "")]
    named = {_names("days")[word] for word in words if word in _names("days")}
    if published.precision is not Precision.DAY or published.first is None or not named:
        return None
    if published.first.weekday() in named:
        return None
    return (
        f"{published.words!r} names another weekday than that of {published.first}; "
        "the date was kept"
    )


def _are_weekdays(*words: str | None) -> bool:
    return all(word is None or _folded(word) in _names("days") for word in words)


def _stated(parts: dict[str, str | None], words: str) -> PublicationDate | None:
    year, named = int(parts["year"] or 0), parts["month"] or ""
    month = int(named) if named.isdigit() else _names("months").get(_folded(named), 0)
    if not (1 <= month <= 12 and 1000 <= year <= 2999):
        return None
    last_day = calendar.monthrange(year, month)[1]
    if parts.get("day") is None:
        first, last = date(year, month, 1), date(year, month, last_day)
        return PublicationDate(first, last, Precision.MONTH, Provenance.STATED, words)
    day = int(parts["day"] or 0)
    if not 1 <= day <= last_day:
        return None
    only = date(year, month, day)
    return PublicationDate(only, only, Precision.DAY, Provenance.STATED, words)


def _folded(word: str) -> str:
    """Return a word in small letters without accents: databases often lose the accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).rstrip(".")


@cache
def _names(kind: str) -> dict[str, int]:
    """Return the names of months (from 1) or of weekdays (from 0, Monday) in all languages."""
    from babel import Locale

    numbers = dict(_MORE_MONTHS) if kind == "months" else {}
    for identifier in _LANGUAGES:
        for context in getattr(Locale.parse(identifier), kind).values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    numbers[_folded(name)] = number
    return numbers
