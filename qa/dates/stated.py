"""Reads the publication dates that sources state, in many notations and without guessing."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from index_store.records import UNKNOWN_DATE, Precision, Provenance, PublicationDate
from qa.dates.notations import bare_date, compact_moment, month_number, notations
from qa.dates.zones import day_in_zone, is_utc

_FIRST_YEAR, _LAST_YEAR = 1000, 2999
LONGEST_DATE = 100
# A smaller number is a year or YYYYMMDD; this one is the third of March 1973 in epoch seconds.
_SMALLEST_EPOCH = 10**8
_EPOCH_UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))  # from, units in a second
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SERIAL = date(1899, 12, 30)  # of a spreadsheet: its day 60 is a day that never was
_NUMBER = re.compile(r"(\d+)(?:\.\d+)?", re.ASCII)
_MILLISECONDS = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/", re.ASCII)  # .NET, in JSON
_PLAIN_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_SERIAL = re.compile(r"[1-9]\d{4}(?:[.,]\d+)?", re.ASCII)


class DateOrder(StrEnum):
    """The order of day, month and year in a date of numbers."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of one column are to be read.

    Without an `order`, a date that could be read in several is refused. `order_with_half_days` is
    that of dates with "AM" or "PM" behind them. Two digits of a year stand for the last such year
    until `last_year`. A moment in UTC is the day that it is in `zone` (an IANA name); with
    `converts_all`, so is a moment with another offset. `is_serial` reads 44564 as a spreadsheet
    does.
    """

    order: DateOrder | None = DateOrder.DMY
    order_with_half_days: DateOrder | None = None
    last_year: int = 2068
    zone: str | None = None
    converts_all: bool = False
    is_serial: bool = False


def parse_stated_date(value: object, reading: DateReading | None = None) -> PublicationDate:
    """Read a publication date as written in a field, a header or page metadata.

    Without a `reading`, numeric dates put the day first, as the Dutch do, unless the year comes
    first: "1/2/2021" is the first of February, and "12/17/2021" is refused, as is a year of two
    digits; for a moment, the written day counts, whatever its time zone. A partial date keeps its
    precision. A number above 10**8 is a count of seconds (or milliseconds) since 1970, read as its
    UTC day. `None` and blank are unknown.

    Raises: ValueError: the value cannot be read as a date without guessing.

    >>> parse_stated_date("17 dec. 2021").first
    datetime.date(2021, 12, 17)
    >>> parse_stated_date("december 2021").precision
    <Precision.MONTH: 'month'>
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return UNKNOWN_DATE
    if isinstance(value, datetime):
        day = _day_of_moment(value, reading)
        return _stated(day, day, Precision.DAY, value.isoformat())
    if isinstance(value, date):
        return _stated(value, value, Precision.DAY, value.isoformat())
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"a date must be text or a number, not {type(value).__name__}")
    if not isinstance(value, str) and value > _SMALLEST_EPOCH and not compact_moment(str(value)):
        day = _epoch_day(value, reading)
        return _stated(day, day, Precision.DAY, str(value))
    words = str(value).strip()
    if len(words) > LONGEST_DATE:
        raise ValueError(f"{words[:40]!r}... is too long for a date")
    counted = _counted_day(words, reading) if reading and words[:1].isdigit() else None
    if counted:
        return _stated(counted, counted, Precision.DAY, words)
    return _stated(*(_moment_of_json(words, reading) or _parse_words(words, reading)), words)


def possible_orders(words: str) -> frozenset[DateOrder] | None:
    """Return the orders in which a numeric date can be read; `None` if its order is not open.

    >>> [sorted(map(str, possible_orders(words))) for words in ("3/4/2022", "12/17/2021")]
    [['dmy', 'mdy'], ['mdy']]
    """
    parts = next(notations(bare_date(words.strip())), None)
    if parts is None or parts.get("one") is None:
        return None
    return frozenset(order for order in DateOrder if _ordered(parts, order, 2068) is not None)


def is_serial(value: object) -> bool:
    """Tell whether a value may be the number of a day in a spreadsheet (1927 through 2173)."""
    is_number = isinstance(value, str | int | float) and not isinstance(value, bool)
    return is_number and bool(_SERIAL.fullmatch(str(value).strip()))


def _stated(first: date, last: date, precision: Precision, words: str) -> PublicationDate:
    if not _FIRST_YEAR <= first.year <= last.year <= _LAST_YEAR:
        raise ValueError(f"{words!r} is not in the years {_FIRST_YEAR} through {_LAST_YEAR}")
    return PublicationDate(first, last, precision, Provenance.STATED, words)


def _day_of_moment(moment: datetime, reading: DateReading | None) -> date:
    if reading is None or reading.zone is None or moment.tzinfo is None:
        return moment.date()
    converts = reading.converts_all or not moment.utcoffset()
    return day_in_zone(moment, reading.zone) if converts else moment.date()


def _epoch_day(value: float, reading: DateReading | None) -> date:
    units = next((units for least, units in _EPOCH_UNITS if value >= least), 1)
    try:
        moment = _EPOCH + timedelta(seconds=value / units)
        return _day_of_moment(moment, reading)
    except (OverflowError, ValueError):
        raise ValueError(f"{value} is not a number of seconds or milliseconds since 1970") from None


def _moment_of_json(words: str, reading: DateReading | None) -> tuple[date, date, Precision] | None:
    found = _MILLISECONDS.fullmatch(words)
    if found is None:
        return None
    day = _epoch_day(int(found[1]) / 1000, reading)
    return day, day, Precision.DAY


def _counted_day(words: str, reading: DateReading) -> date | None:
    """Read a day that is counted: in seconds since 1970, or as a spreadsheet does."""
    if _SERIAL.fullmatch(words) and reading.is_serial:
        return _FIRST_SERIAL + timedelta(days=int(words[:5]))
    number = _NUMBER.fullmatch(words)
    if number is None or len(number[1]) < 9 or compact_moment(words):
        return None
    return _epoch_day(float(words), reading)


def _parse_words(words: str, reading: DateReading | None) -> tuple[date, date, Precision]:
    """Read one date, or two with a slash between them (an ISO 8601 interval)."""
    span = _parse_single(words, reading)
    if span is not None:
        return span
    if words.count("/") == 1:
        start, end = (_parse_single(side.strip(), reading) for side in words.split("/"))
        if start and end:
            if start == end:
                return start
            if start[0] > end[1]:
                raise ValueError(f"{words!r} ends before it starts")
            return start[0], end[1], Precision.RANGE
    if not bare_date(words):
        raise ValueError(f"{words!r} says when it was changed, not when it was published")
    if is_serial(words):
        raise ValueError(f"{words!r} is not a date; if it counts days as a spreadsheet does, write "
                         "all dates of its column so, or none")  # fmt: skip
    raise ValueError(f"{words!r} is not a date; write it as 2021-12-17, 2021-12 or 2021")


def _parse_single(words: str, reading: DateReading | None) -> tuple[date, date, Precision] | None:
    plain = _PLAIN_DAY.fullmatch(words)  # what most archives write, read the short way
    if plain:
        return _span(words, plain.groupdict())
    bare = bare_date(words)
    if reading and bare.isdigit():
        bare = compact_moment(bare) or bare
    parts = next(notations(bare), None)
    if parts is None:
        return None
    if parts.get("one") is not None:
        day = _numeric_day(words, parts, reading)
        span = (day, day, Precision.DAY)
    else:
        span = _span(words, _with_year(words, parts, reading))
    if reading and span[2] is Precision.DAY:
        day = _zoned_day(span[0], parts, reading)
        return day, day, Precision.DAY
    return span


def _numeric_day(words: str, parts: dict[str, str | None], reading: DateReading | None) -> date:
    """Read a date of numbers in the order of its column."""
    if reading is None:
        return _span(words, _with_year(words, _in_order(parts, DateOrder.DMY), None))[0]
    order = reading.order
    if parts.get("half") and reading.order_with_half_days:
        order = reading.order_with_half_days
    if order is None:
        return _only_day(words, parts, reading)
    if order is DateOrder.YMD and parts["year"]:
        order = DateOrder.DMY  # the year is last, whatever the others are
    ordered = _with_year(words, _in_order(parts, order), reading)
    return _span(words, ordered)[0]


def _only_day(words: str, parts: dict[str, str | None], reading: DateReading) -> date:
    days = {_ordered(parts, order, reading.last_year) for order in DateOrder} - {None}
    if len(days) != 1:
        raise ValueError(
            f"{words!r} can be read in several ways, and its column holds dates of several orders; "
            "write it as 2021-12-17, or say which with --date-order dmy (or mdy, ymd)"
        )
    (day,) = days
    assert day is not None  # noqa: S101 - taken out above
    return day


def _ordered(parts: dict[str, str | None], order: DateOrder, last_year: int) -> date | None:
    """Return the day of a numeric date in one order, or `None` if there is no such day."""
    if order is DateOrder.YMD and (parts["year"] or len(parts["one"] or "") != 2):
        return None
    ordered = _in_order(parts, order)
    year = int(ordered["year"] or _long_year(ordered["short_year"] or "", last_year))
    try:
        return date(year, int(ordered["month"] or 0), int(ordered["day"] or 0))
    except ValueError:
        return None


def _in_order(parts: dict[str, str | None], order: DateOrder) -> dict[str, str | None]:
    """Give the numbers of a date their names."""
    one, two, three = parts["one"], parts["two"], parts["three"]
    year, month, day = {
        DateOrder.DMY: (three, two, one),
        DateOrder.MDY: (three, one, two),
        DateOrder.YMD: (one, two, three),
    }[order]
    return {"year": parts["year"], "short_year": year, "month": month, "day": day}


def _with_year(
    words: str, parts: dict[str, str | None], reading: DateReading | None
) -> dict[str, str | None]:
    """Write out a year of two digits."""
    short = parts.get("short_year")
    if parts.get("year") or not short:
        return parts
    if reading is None:
        raise ValueError(f"{words!r} has a year of two digits; write all four")
    return {**parts, "year": str(_long_year(short, reading.last_year))}


def _long_year(digits: str, last_year: int) -> int:
    """Return the last year until `last_year` that ends in two digits.

    >>> _long_year("22", 2026), _long_year("38", 2026)
    (2022, 1938)
    """
    return last_year - (last_year - int(digits)) % 100


def _zoned_day(day: date, parts: dict[str, str | None], reading: DateReading) -> date:
    """Return the day on which a written moment falls in the zone of the reading."""
    zone, offset, hour = (parts.get(name) for name in ("zone", "offset", "hour"))
    if reading.zone is None or hour is None or not (zone or offset):
        return day
    if not is_utc(zone, offset) and not (reading.converts_all and offset):
        return day
    return day_in_zone(_moment(day, int(hour), parts), reading.zone)


def _moment(day: date, hour: int, parts: dict[str, str | None]) -> datetime:
    half = (parts.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    written = datetime(day.year, day.month, day.day, hour, int(parts.get("minute") or 0))  # noqa: DTZ001
    offset = (parts.get("offset") or "+0000").replace(":", "").ljust(5, "0")
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    east = timedelta(minutes=minutes if offset[0] == "+" else -minutes)
    return (written - east).replace(tzinfo=UTC)


def _span(words: str, parts: dict[str, str | None]) -> tuple[date, date, Precision]:
    year, name = int(parts["year"] or 0), parts.get("name")
    month = month_number(name) if name else int(parts.get("month") or 0)
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
