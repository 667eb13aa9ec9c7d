"""Finds years named by their distance to another day: "vier jaar daarvoor", "a year earlier"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from index_store.records import DateRange
from qa.text.numbers import number_at

_NUMBER = r"(?P<number>[^\W_]+)"
_BEFORE = re.compile(
    rf"\b{_NUMBER}\s+(?:jaar|jaren|year|years)\s+(?:eerder|daarvoor|ervoor|earlier|before)\b",
    re.IGNORECASE,
)
_ONE = frozenset({"een", "één", "a", "one", "het", "the"})


@dataclass(frozen=True, slots=True)
class YearsBefore:
    """Words that name a year by its distance in `years` to a later year."""

    start: int
    end: int
    years: int


def find_years_before(text: str, language: str) -> list[YearsBefore]:
    """Return the words of a text that name an earlier year in this way.

    >>> [each.years for each in find_years_before("Vier jaar daarvoor was het 52 procent.", "nl")]
    [4]
    >>> [each.years for each in find_years_before("The year before, there were 143.", "en")]
    [1]
    """
    found = []
    for match in _BEFORE.finditer(text):
        word = match["number"].casefold()
        number = None if word in _ONE else number_at([word], language)
        if word in _ONE or number:
            years = int(number.value) if number else 1
            found.append(YearsBefore(match.start(), match.end(), years))
    return found


def years_before(days: DateRange, years: int) -> DateRange | None:
    """Return the whole year that lies `years` years before the last of some days.

    >>> years_before(DateRange(date(2020, 1, 1), date(2020, 12, 31)), 1).first
    datetime.date(2019, 1, 1)
    """
    if days.last is None or days.last.year - years < date.min.year:
        return None
    year = days.last.year - years
    return DateRange(date(year, 1, 1), date(year, 12, 31))
