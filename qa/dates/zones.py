"""The zone in which a paper appears, and the day that a moment is there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_UTC_NAMES = ("Z", "UTC", "GMT", "UT")


def check_zone(name: str) -> None:
    """Check that a zone is known.

    Raises:
        ValueError: there is no zone of this name.
    """
    _zone(name)


@cache
def zone_of_language(language: str) -> str | None:
    """Return the zone of the land where a language is mostly spoken; `None` if it has several.

    >>> zone_of_language("nl"), zone_of_language("de"), zone_of_language("en")
    ('Europe/Amsterdam', 'Europe/Berlin', None)
    """
    from babel.core import get_global

    likely = get_global("likely_subtags").get(language, "")
    names = get_global("territory_zones").get(likely.rpartition("_")[2], [])
    year = [datetime(2022, month, 1, tzinfo=UTC) for month in (1, 7)]
    try:
        offsets = {tuple(moment.astimezone(_zone(name)).utcoffset() for moment in year)
                   for name in names}  # fmt: skip
    except ValueError:  # this machine has no table of zones
        return None
    return names[0] if len(offsets) == 1 else None


def is_utc(zone: str | None, offset: str | None) -> bool:
    """Tell whether a written zone is that of a machine, UTC, and not that of a place.

    >>> is_utc("Z", None), is_utc(None, "+00:00"), is_utc("GMT", "+0100"), is_utc("CET", None)
    (True, True, False, False)
    """
    if offset:
        return not int(offset[1:].replace(":", ""))
    return (zone or "").upper() in _UTC_NAMES


def day_in_zone(moment: datetime, zone: str) -> date:
    """Return the day that a moment is in a zone."""
    return moment.astimezone(_zone(zone)).date()


@cache
def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(
            f"the time zone {name!r} is not known; give a name such as Europe/Amsterdam"
        ) from None
