"""Read the publication date of a record, with what its column and the user say of such dates."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

from index_store.analysis.language import detect_language
from index_store.records import UNKNOWN_DATE, PublicationDate
from qa.dates.columns import DateColumn
from qa.dates.notations import is_month
from qa.dates.stated import LONGEST_DATE, DateReading, parse_stated_date
from qa.dates.zones import zone_of_language
from qa.ingest.field_names import DATE_PARTS, FieldPlan, plain_name
from qa.ingest.languages import ARTICLE_LANGUAGES
from qa.ingest.record_values import is_missing
from qa.ingest.refusals import RefusedError
from qa.ingest.text_headers import day_in_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.ingest.article_fields import ReadOptions

# A numeric date whose order is open, or a number that may count days as a spreadsheet does.
_OPEN = re.compile(
    r"(?<![\d.])\d\d?\s?[-/.]\s?\d\d?\s?[-/.]\s?['’]?\d\d|\s*[1-9]\d{4}(?:[.,]\d+)?\s*\Z", re.ASCII
)
_SHORT_YEAR = re.compile(r".*[a-z].*[-\s'’]\d\d\Z|\d\d[a-z]{3}\d\d\Z", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(r"\d[T ]\d\d?:|\d{9}", re.ASCII)
_LAST_YEAR = 2068  # that two digits stand for where nobody says what day it is; as POSIX has it
_EARLIEST_CHANGE = date(1980, 1, 1)  # before it, "modified" is an empty date of a computer
_SEEN = "seendate"
_NO_DATES = frozenset({"-", "–", "—", "?", "onbekend", "unknown", "n.b.", "z.d.", "n.d.", "nvt",
                       "n.v.t.", "geen", "geen datum", "no date"})  # fmt: skip
# 2021-17-12: where the day stands second, 2021-03-04 was read as another day than was meant.
_DAY_SECOND = re.compile(r"\d{4}([-/.])(?:1[3-9]|2\d|3[01])\1(?:0?[1-9]|1[0-2])(?!\d)", re.ASCII)
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
_WHOLE = re.compile(r"\d{4}|\d\D+\d\D+\d", re.ASCII)  # in a field that may hold only the day


def date_names(plan: FieldPlan) -> tuple[str, ...]:
    """Return the names of a record's fields with dates."""
    return (*plan.of("date"), *plan.of("modified"))


def is_no_date(value: object) -> bool:
    """Tell whether a value says that there is no date.

    >>> is_no_date(" "), is_no_date("Onbekend"), is_no_date("0000-00-00 00:00:00")
    (True, True, True)
    """
    words = value.strip().casefold() if isinstance(value, str) else value
    if isinstance(words, str):
        return (
            not words or is_missing(value) or words in _NO_DATES or words.startswith("0000-00-00")
        )
    return words is None or isinstance(words, bool)  # "published": true


def is_open(value: object) -> bool:
    """Tell whether only the other dates of its column say how a value is to be read.

    >>> is_open("3/4/2022"), is_open("2022-04-03"), is_open(44564), is_open("17 mei 2022")
    (True, False, True, False)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    if isinstance(value, str):
        words = _short(value)
        return words is not None and bool(_OPEN.search(words))
    return bool(_OPEN.match(str(value)))


def _has_short_year(value: object) -> bool:
    words = _short(value) if isinstance(value, str) else None
    return words is not None and bool(_SHORT_YEAR.match(words))


def _short(value: str) -> str | None:
    """Return a value that may be a date; `None` for a longer text, which takes long to look at."""
    words = value.strip()
    return words if len(words) <= LONGEST_DATE else None


def read_publication_date(
    plan: FieldPlan,
    values: Mapping[str, object],
    options: ReadOptions,
    *,
    language: str | None,
    text: str,
) -> tuple[PublicationDate, tuple[str, ...]]:
    """Return the date of a record, and notes; a change before it is taken for the publication.

    Raises:
        RefusedError: the date cannot be read without guessing.
    """
    name = next(_filled(plan.of("date"), values), None)
    if name is None:
        return _date_of_parts(plan, values, options), ()
    options.findings.use([name])
    if plain_name(name) == _SEEN:
        options.findings.tell(f"{name!r} is the day on which the article was seen, as its date")
    try:
        published = read_date(name, values[name], options, language=language, text=text)
    except ValueError as error:
        _tell_day_second(name, values[name], options)
        raise RefusedError(f"the date cannot be read: {error}") from None
    for changed_name in _filled(plan.of("modified"), values):
        try:
            changed = read_date(changed_name, values[changed_name], options,
                                language=language, text=text)  # fmt: skip
        except ValueError:
            continue
        if is_earlier(changed, published):
            note = f"{changed_name!r} ({changed.words}) lies before {name!r} ({published.words})"
            return changed, (f"{note}, so that day was taken",)
    return published, ()


def read_date(
    name: str, value: object, options: ReadOptions, *, language: str | None, text: str
) -> PublicationDate:
    """Read one date of a field, in the way that is settled for its column.

    If nothing is settled, the value alone decides, and what it leaves open is told.

    Raises:
        ValueError: the date cannot be read without guessing.
    """
    findings = options.findings
    reading = findings.readings.get(name)
    if reading is None:
        reading = base_reading(options)
        if is_open(value) or _has_short_year(value):
            column = DateColumn(name)
            column.add(value)
            spoken = language or _spoken(options, text)
            reading = settle_column(column, options, language=spoken)
    is_moment = isinstance(value, str | int | float) and bool(_MOMENT.search(str(value)))
    if reading.zone is None and is_moment:
        reading = replace(reading, zone=zone_of_language(language or _spoken(options, text)))
    published = parse_stated_date(value, reading)
    if reading.zone and is_moment:
        _tell_moved(name, value, published, reading, options)
    return published


def settle_column(column: DateColumn, options: ReadOptions, *, language: str) -> DateReading:
    """Decide how a column of dates is read, and tell what was decided.

    `language` is the one in which the articles of the column are written.
    """
    choices, findings = options.choices, options.findings
    reading, notes = column.settle(
        base_reading(options),
        language=language,
        order=choices.date_order,
        order_where_open=choices.order_where_open,
    )
    for note in notes:
        findings.tell(note)
    open_order = None if choices.date_order else column.open_order(reading)
    if open_order:
        findings.open_orders.setdefault(column.name, open_order)
    return reading


def date_of_name(options: ReadOptions) -> PublicationDate:
    """Return the day in the name of the file, if the user allows it; else tell that there is one.

    The words of such a date are the name of the file.
    """
    name = PurePath(options.path).name
    day = day_in_name(name)
    if day is None:
        return UNKNOWN_DATE
    if not options.choices.date_from_name:
        options.findings.tell("its name holds a day; --date-from-name takes it for the date")
        return UNKNOWN_DATE
    try:
        return replace(parse_stated_date(day), words=name)
    except ValueError:
        return UNKNOWN_DATE


def base_reading(options: ReadOptions) -> DateReading:
    """Return how dates are read as far as the user says."""
    choices = options.choices
    return DateReading(
        last_year=choices.today.year if choices.today else _LAST_YEAR,
        zone=choices.timezone,
        converts_all=choices.timezone is not None,
    )


def _filled(names: tuple[str, ...], values: Mapping[str, object]) -> Iterator[str]:
    for name in names:
        value = values[name]
        if not is_no_date(value):
            is_part = plain_name(name) in DATE_PARTS["day"]  # such as "monday" or 4
            if not is_part or _WHOLE.search(str(value)):
                yield name


def _date_of_parts(
    plan: FieldPlan, values: Mapping[str, object], options: ReadOptions
) -> PublicationDate:
    """Return the date that fields of year, month and day give together, as exactly as they do."""
    named = {part: name for part in DATE_PARTS for name in plan.of(part)}
    # Spreadsheets and pandas write 3 as 3.0.
    year, month, day = (
        str(values.get(named.get(part, ""), "")).strip().removesuffix(".0") for part in DATE_PARTS
    )
    if not _YEAR.fullmatch(year):
        return UNKNOWN_DATE
    day = day if day.isdecimal() else ""
    if month.isdecimal():
        stated = "-".join(filter(None, (year, month.zfill(2), day and day.zfill(2))))
    else:
        stated = " ".join(filter(None, (day, month, year))) if is_month(month) else year
    try:
        published = parse_stated_date(stated)
    except ValueError as error:
        raise RefusedError(f"the date cannot be read: {error}") from None
    options.findings.use(named.values())
    names = ", ".join(map(repr, named.values()))
    options.findings.tell(f"no field holds the whole date: it is that of {names}")
    return published


def is_earlier(changed: PublicationDate, published: PublicationDate) -> bool:
    """Tell whether a change lies before the publication, and is no empty date of a computer."""
    return (
        changed.last is not None
        and published.first is not None
        and _EARLIEST_CHANGE < changed.last < published.first
    )


def _spoken(options: ReadOptions, text: str) -> str:
    """Return the language of the file's first text."""
    findings = options.findings
    if findings.language is None:
        findings.language = detect_language(text, among=ARTICLE_LANGUAGES)
    return findings.language


def _tell_day_second(name: str, value: object, options: ReadOptions) -> None:
    findings, start = options.findings, f"days may stand before months in {name!r}"
    is_told = any(note.startswith(start) for note in findings.notes)
    if _DAY_SECOND.match(str(value).strip()) and not is_told:
        findings.tell(
            f"days may stand before months in {name!r} ({value!r}): check the dates that were "
            "read, and write all as 2021-12-17"
        )


def _tell_moved(
    name: str, value: object, published: PublicationDate, reading: DateReading, options: ReadOptions
) -> None:
    findings = options.findings
    if any(note.startswith(f"moments in {name!r}") for note in findings.notes):
        return
    written = parse_stated_date(value, replace(reading, zone=None))
    if written.first != published.first:
        findings.tell(
            f"moments in {name!r} are days in {reading.zone} (the first: {published.words!r} is "
            f"{published.first}); --timezone says otherwise"
        )
