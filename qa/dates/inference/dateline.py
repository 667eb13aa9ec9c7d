"""Reads the dateline that an article opens with: "AMSTERDAM, 3 mrt. 2021 –"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index_store.records import UNKNOWN_DATE, Precision, PublicationDate
from qa.dates.inference.weekday_names import weekday_at_start
from qa.dates.stated import parse_stated_date

# How far into an article a dateline may stand: after a headline and a name or two.
_FARTHEST = 600
_MOST_LINES = 8
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’]+"
_PLACE = rf"(?P<place>(?:['’][sS]-)?{_CAPITALS}(?:[ /-]{_CAPITALS}){{0,3}})"
_TITLE = r"(?P<place>(?:['’]s-)?[A-ZÀ-ÖØ-Þ][\w'’]+(?:[ -][A-ZÀ-ÖØ-Þ][\w'’]+){0,3})"
_AGENCY = r"(?:\s?\([A-Z][\w ./&-]{1,30}\))?"
_MONTH = r"[A-Za-z]{3,9}\.?"
_WEEKDAY = r"(?:[A-Za-z]{2,9}[.,]?\s)?"
_DATE = (
    rf"(?P<date>{_WEEKDAY}\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?"
    rf"|{_WEEKDAY}{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d\d-\d\d)"
)
_GAP = r"\s?(?:[,|]|[-–—]{1,2})?\s?"
_END = r"\s?(?:[-–—|:]|\.?(?=\s*(?:\n|$)))"
_DATELINES = (
    re.compile(rf"{_PLACE}{_AGENCY}{_GAP}{_DATE}{_AGENCY}{_END}"),
    re.compile(rf"{_TITLE}{_AGENCY}(?:,|\s[-–—|])\s{_DATE}{_AGENCY}\s?[-–—|]\s"),
)
# "Delft, 3 maart 1921 – Utrecht, 5 mei 2001" is a life, "3 maart 2021 - 5 mei 2021" a period.
_ANOTHER_DATE = re.compile(
    r"\s*(?:[A-Z][^.,\n]{0,30},\s)?\d{1,2}(?:\s[A-Za-z]{3,9}\.?\s|[-/]\d{1,2}[-/])\d{4}"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when an article says that it was written, at `text[start:end]`.

    `published` has the provenance "stated" and the words of the date. It is unknown if the dateline
    leaves out the year or contradicts the calendar. The date stands at `text[date_start:date_end]`.
    """

    place: str
    published: PublicationDate
    start: int
    end: int
    date_start: int
    date_end: int


def read_dateline(text: str) -> Dateline | None:
    """Read the dateline at the beginning of an article, if it states a day with its year.

    >>> read_dateline("AMSTERDAM, 3 mrt. 2021 – De stad").published.words
    '3 mrt. 2021'
    >>> read_dateline("BRUSSEL (ANP) - 3 maart") is None
    True
    """
    found = find_dateline(text)
    return found if found and found.published.precision is Precision.DAY else None


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline at the beginning of an article, also one without a year.

    Numeric dates put the day first, as all stated dates do.
    """
    beginning = text[:_FARTHEST]
    line_starts = [0, *(match.end() for match in re.finditer(r"\n\s*", beginning))]
    for number, start in enumerate(line_starts[:_MOST_LINES]):
        for pattern in _DATELINES[: 2 if number == 0 else 1]:
            match = pattern.match(beginning, start)
            dateline = _checked(text, match) if match else None
            if dateline:
                return dateline
    return None


def _checked(text: str, match: re.Match[str]) -> Dateline | None:
    words = match["date"].rstrip(".")
    if _ANOTHER_DATE.match(text[match.end() : match.end() + 60]):
        return None
    has_year = bool(re.search(r"\d{4}", words))
    try:
        # A leap year, so that the 29th of February is a day.
        published = parse_stated_date(words if has_year else f"{words} 2024")
    except ValueError:
        return None
    weekday = weekday_at_start(words)
    if published.first is None or published.precision is not Precision.DAY:
        return None
    if has_year and weekday not in (None, published.first.weekday()):
        return None
    start = match.start("date")
    return Dateline(
        match["place"],
        published if has_year else UNKNOWN_DATE,
        match.start(),
        match.end(),
        start,
        start + len(words),
    )
