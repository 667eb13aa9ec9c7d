"""What is found in a text: an expression, the days it stands for, and how it was said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from index_store.records import DateRange, Precision

Preference = Literal["past", "future", "nearest"]


class Modifier(StrEnum):
    """How the words before or after a date bend it."""

    SINCE = "since"
    UNTIL = "until"
    BEFORE = "before"
    AFTER = "after"
    AROUND = "around"


class Anchor(StrEnum):
    """What must be known before an expression stands for days.

    `CALENDAR` needs nothing ("3 maart 2021"), `TODAY` the day on which it is said ("gisteren",
    but also "3 maart", of a year left out), `STORY` a day told of earlier ("dezelfde week"), for
    which the day on which it is said stands in.
    """

    CALENDAR = "calendar"
    TODAY = "today"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date expression: `text` is the slice `start:end` (Python characters) of what was read.

    `range` is the strict reading, in which "tot 2018" and "2014-2018" end before 2018 does.
    `widest` takes the named end in as well, and of "drie jaar geleden" the whole year: the range
    to filter with when a missed article is worse than one too many. `weekday` (Monday is 0) is
    set if the words name a day of the week only, `yearless` if they come back every year.
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
