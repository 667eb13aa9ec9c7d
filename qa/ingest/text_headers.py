"""Headers of plain text: lines such as "Datum: 3 januari 2022", or a line that is a date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index_store.records import Precision
from qa.dates.stated import DateReading, parse_stated_date
from qa.ingest.field_names import recognised_fields

_LINE = re.compile(r"[ \t]*(?P<name>[^\W\d][\w /()-]{0,30}?)[ \t]*:[ \t]+(?P<value>\S[^\r\n]*)")
_TELLING = frozenset({"title", "date", "source"})
_HEADED = frozenset({"title", "date", "source", "author", "section", "url", "language"})
_MOST_LINES = 20
_LONGEST_LINE = 300
_DATE_WITHIN_LINES = 3
_NAMED_DAY = re.compile(
    r"(?<!\d)(?:(?P<year>(?:1[6-9]|20)\d\d)(?P<mark>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=mark)"
    r"(?P<day>0[1-9]|[12]\d|3[01])"
    r"|(?P<day_2>0[1-9]|[12]\d|3[01])[-_.](?P<month_2>0[1-9]|1[0-2])[-_.](?P<year_2>(?:1[6-9]|20)\d\d))"
    r"(?!\d)"
)


@dataclass(frozen=True, slots=True)
class TextHeader:
    """The fields that stand above a text, and where the text begins."""

    fields: dict[str, object]
    start: int


def read_header(text: str) -> TextHeader:
    r"""Read the header of a plain text; without one, the text begins at its start.

    A header is a block of lines "name: value" that ends with a blank line. Two of its names must be
    those of fields, or one must be that of a date that can be read. Else a line of its own that is
    a day counts: as the first line it is no part of the text, below a title it stays there.

    >>> read_header("Krant: De Dijkbode\nDatum: 3 januari 2022\n\nDe brug is open.")
    TextHeader(fields={'Krant': 'De Dijkbode', 'Datum': '3 januari 2022'}, start=42)
    """
    return _named_lines(text) or _date_line(text) or TextHeader({}, 0)


def day_in_name(name: str) -> str | None:
    """Return the day in the name of a file, written as ISO 8601 does; `None` without just one.

    >>> day_in_name("2022-01-03_Dijkbode.txt"), day_in_name("krant_20220103"), day_in_name("nr 12")
    ('2022-01-03', '2022-01-03', None)
    """
    days = set()
    for found in _NAMED_DAY.finditer(name):
        year, month, day = (found[part] or found[f"{part}_2"] for part in ("year", "month", "day"))
        days.add(f"{year}-{month}-{day}")
    return days.pop() if len(days) == 1 else None


def _named_lines(text: str) -> TextHeader | None:
    at = len(text) - len(text.lstrip())
    fields: dict[str, object] = {}
    for _ in range(_MOST_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)].rstrip()
        if not line:
            break
        named = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if named is None or named["name"] in fields:
            return None
        fields[named["name"]] = named["value"]
        at = end + 1 if end >= 0 else len(text)
    else:
        return None
    if not _is_header(fields):
        return None
    return TextHeader(fields, at + len(text[at:]) - len(text[at:].lstrip()))


def _is_header(fields: dict[str, object]) -> bool:
    known = recognised_fields(fields, {}) & _HEADED
    if len(known) >= 2 and known & _TELLING:
        return True
    (only,) = fields.values() if len(fields) == 1 else ("",)
    return known == {"date"} and _is_day(str(only))


def _date_line(text: str) -> TextHeader | None:
    at = 0
    for number in range(_DATE_WITHIN_LINES):
        at += len(text[at:]) - len(text[at:].lstrip())
        end = text.find("\n", at)
        if end < 0:
            return None
        line = text[at:end].strip()
        if len(line) <= 60 and _is_day(line):
            after = end + len(text[end:]) - len(text[end:].lstrip())
            return TextHeader({"date": line}, after if number == 0 else 0)
        at = end
    return None


def _is_day(words: str) -> bool:
    if not any(letter in words for letter in "-/. "):
        return False  # digits alone may be any number
    try:
        return parse_stated_date(words, DateReading(order=None)).precision is Precision.DAY
    except ValueError as error:
        return "in several ways" in str(error)  # the language decides, and is told
