"""Check what a user says of the files, where they do not say it themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.dates.stated import DateOrder
from qa.dates.zones import check_zone
from qa.errors import SettingsError


@dataclass(frozen=True, slots=True)
class ReadingChoices:
    """What the user says of the files, where they do not say it themselves.

    `source` names the source of articles that state none. `date_order` is the order of day and
    month in dates of numbers; `order_where_open` is that only in columns of which no date shows it.
    `timezone` is the zone (an IANA name) in which all moments are to be days. `date_from_name`
    takes dates from the names of files. No year of two digits lies after `today`.
    """

    source: str | None = None
    date_order: DateOrder | None = None
    order_where_open: DateOrder | None = None
    timezone: str | None = None
    date_from_name: bool = False
    today: date | None = None


NO_CHOICES = ReadingChoices()


def reading_choices(
    *,
    source: str | None = None,
    date_order: str | None = None,
    timezone: str | None = None,
    date_from_name: bool = False,
    today: date | None = None,
    order_where_open: str | None = None,
) -> ReadingChoices:
    """Check what a user says of the files.

    Raises:
        SettingsError: the order or the zone is not known, or the source is empty.
    """
    if source is not None and not source.strip():
        raise SettingsError("the source is empty; give a name, or leave the option out")
    order, where_open = _checked_order(date_order), _checked_order(order_where_open)
    try:
        if timezone is not None:
            check_zone(timezone)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    named = source and source.strip()
    return ReadingChoices(named, order, where_open, timezone, date_from_name, today)


def _checked_order(order: str | None) -> DateOrder | None:
    if order is not None and order not in set(DateOrder):
        raise SettingsError(f"{order!r} is no order of a date; give dmy, mdy or ymd")
    return DateOrder(order) if order else None
