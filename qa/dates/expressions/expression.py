"""The record of a date expression: its place in a text, its days, and the form of its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from index_store.records import DateRange, Precision

Preference = Literal["past", "future", "nearest"]


class Modifier(StrEnum):
    """How words before or after a date change its meaning."""

    SINCE = "since"
    UNTIL = "until"
    BEFORE = "before"
    AFTER = "after"
    AROUND = "around"


class Anchor(StrEnum):
    """What must be known before an expression has days.

    `CALENDAR` needs nothing ("3 maart 2021"). `TODAY` needs the day on which the words are said
    ("gisteren", and also "3 maart" without a year). `STORY` needs a day that the text mentioned
    earlier ("dezelfde week"); the day on which the words are said replaces it.
    """

    CALENDAR = "calendar"
    TODAY = "today"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date expression; `text` is the slice `start:end` (Python characters) of the text.

    `range` is the strict reading: "tot 2018" and "2014-2018" end before 2018 does. `widest`
    includes the named end, and the whole year for "drie jaar geleden"; use it as a filter when a
    missed article is worse than one too many. `weekday` (Monday is 0) is set if the words name only
    a day of the week. `yearless` is set if the words name days of every year.
    """

    text: str
    start: int
    end: int
    range: DateRange
    widest: DateRange
    precision: Precision
    modifier: Modifier | None = None
    anchor: Anchor = Anchor.CALENDAR
    weekday: int | None = None
    yearless: bool = False

    @property
    def relative(self) -> bool:
        """Tell whether the days depend on the day on which the words are said."""
        return self.anchor is not Anchor.CALENDAR
