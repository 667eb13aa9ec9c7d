"""The meaning of words of time, independent of the day on which they are said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from index_store.records import DateRange, Precision
from qa.dates.expressions.calendar_spans import (
    DAY,
    add,
    days,
    ends,
    nearest_weekday,
    period_of,
    week_of,
)
from qa.dates.expressions.expression import Anchor, Modifier, Preference

Kind = Literal[
    "day", "weekday", "week", "weekend", "month", "quarter", "half", "season", "year", "this year",
    "decade", "century", "span",
]  # fmt: skip
_PRECISIONS = {"day": Precision.DAY, "weekday": Precision.DAY, "month": Precision.MONTH,
               "year": Precision.YEAR, "this year": Precision.YEAR}  # fmt: skip
# A leap day comes back after eight years at the latest.
_YEARS_TO_TRY = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """When words are said; `year` is the year that the words beside them name."""

    today: date
    prefer: Preference = "past"
    year: int | None = None


@dataclass(frozen=True, slots=True)
class DateMeaning:
    """A meaning that becomes a range of days once the moment is known.

    `span` raises ValueError or OverflowError if there are no such days. `in_year` is set for days
    of every year. `point` is the day that "begin", "half" or "eind" mean as the end of a range.
    `weak` words ("nov", "de zomer") are a date only beside other words of time.
    """

    kind: Kind
    span: Callable[[Moment], DateRange]
    anchor: Anchor = Anchor.CALENDAR
    in_year: Callable[[int], DateRange] | None = None
    point: Callable[[Moment], date] | None = None
    widest: Callable[[Moment], DateRange] | None = None
    modifier: Modifier | None = None
    weekday: int | None = None
    weak: bool = False
    # A unit with "deze", "vorige" and the like: "voor volgende week" is for it, not before it.
    unit_turn: bool = False

    @property
    def precision(self) -> Precision:
        """Return how precisely the words name the days."""
        return _PRECISIONS.get(self.kind, Precision.RANGE)

    def reach(self, moment: Moment) -> DateRange:
        """Return the widest range of days that the words can mean."""
        return self.widest(moment) if self.widest else self.span(moment)

    def mapped(self, change: Callable[[DateRange], DateRange], kind: Kind) -> DateMeaning:
        """Return the reading with its range changed by a function."""
        span, in_year = self.span, self.in_year
        return replace(
            self,
            kind=kind,
            span=lambda moment: change(span(moment)),
            in_year=(lambda year: change(in_year(year))) if in_year else None,
            widest=None,
            weekday=None,
            weak=False,
        )


def fixed(kind: Kind, period: Callable[[], DateRange]) -> DateMeaning:
    """Return a reading that always means the same days."""
    return DateMeaning(kind, lambda _: period())


def from_today(kind: Kind, period: Callable[[date], DateRange], **more: object) -> DateMeaning:
    """Return a reading that counts from the day on which it is said."""
    reading = DateMeaning(kind, lambda moment: period(moment.today), Anchor.TODAY)
    return replace(reading, **more)  # type: ignore[arg-type]


def yearly(kind: Kind, in_year: Callable[[int], DateRange], *, weak: bool = False) -> DateMeaning:
    """Return a reading of days of every year, such as a month without its year."""
    return DateMeaning(
        kind, lambda moment: _choose_year(in_year, moment), Anchor.TODAY, in_year, weak=weak
    )


def on_weekday(weekday: int, *, weak: bool = False) -> DateMeaning:
    """Return the reading of a bare day of the week."""
    return DateMeaning(
        "weekday",
        lambda moment: days(nearest_weekday(moment.today, weekday, moment.prefer)),
        Anchor.TODAY,
        weekday=weekday,
        weak=weak,
    )


def _choose_year(in_year: Callable[[int], DateRange], moment: Moment) -> DateRange:
    if moment.year is not None:
        return in_year(moment.year)
    past = _first_fitting(in_year, moment.today, -1)
    future = _first_fitting(in_year, moment.today, 1)
    if moment.prefer != "nearest" or past is None or future is None:
        found = future if moment.prefer == "future" and future else past or future
        if found is None:
            raise ValueError("no year has such a day")
        return found
    back = (moment.today - ends(past)[1]).days
    return past if back <= (ends(future)[0] - moment.today).days else future


def _first_fitting(
    in_year: Callable[[int], DateRange], today: date, step: Literal[-1, 1]
) -> DateRange | None:
    """Find the nearest period that has started by today (step -1) or has not yet ended (step 1)."""
    for year in range(today.year - step, today.year + _YEARS_TO_TRY * step, step):
        try:
            first, last = ends(in_year(year))
        except (ValueError, OverflowError):
            continue
        if (first <= today) if step < 0 else (last >= today):
            return DateRange(first, last)
    return None


def turned(reading: DateMeaning, turn: str) -> DateMeaning | None:
    """Return a yearly or weekly reading that means the last, this or the next occurrence."""
    anchor = Anchor.STORY if turn == "same" else Anchor.TODAY
    if reading.kind == "weekday" and reading.weekday is not None:
        weekday = reading.weekday
        span = lambda moment: days(turned_weekday(moment.today, weekday, turn))  # noqa: E731
        return replace(reading, span=span, anchor=anchor, weekday=None, weak=False)
    if reading.in_year is None:
        return None
    in_year = reading.in_year
    return replace(
        reading,
        span=lambda moment: _turned_year(in_year, moment.today, turn),
        anchor=anchor,
        in_year=None,
        weak=False,
    )


def _turned_year(in_year: Callable[[int], DateRange], today: date, turn: str) -> DateRange:
    if turn in ("this", "same"):
        this_year = in_year(today.year)
        # "Deze winter" may have begun last year, or begin at the end of this one.
        crosses = this_year.first is not None and this_year.first.year < today.year
        return _choose_year(in_year, Moment(today, "nearest")) if crosses else this_year
    before = turn in ("last", "past")
    candidates = []
    for year in range(today.year - _YEARS_TO_TRY, today.year + _YEARS_TO_TRY + 1):
        try:
            candidates.append(ends(in_year(year)))
        except (ValueError, OverflowError):
            continue
    fitting = [
        (first, last) for first, last in candidates if (last < today if before else first > today)
    ]
    if not fitting:
        raise ValueError("no year has such a day")
    return DateRange(*(max(fitting) if before else min(fitting)))


def turned_weekday(today: date, weekday: int, turn: str) -> date:
    """Return last, this or next Monday (0) to Sunday (6), as Dutch speakers use these words.

    "Vorige" and "volgende" woensdag lie in the week before and the week after. "Afgelopen" and
    "komende" woensdag are the nearest ones before and after today.
    """
    monday = week_of(today).first or today
    steps = {"last": -7, "this": 0, "same": 0, "next": 7}
    if turn in steps:
        return add(monday, weekday + steps[turn], "day")
    if turn == "past":
        return nearest_weekday(today - DAY, weekday, "past")
    return nearest_weekday(today + DAY, weekday, "future")


def unit_turn(unit: str, turn: str) -> DateMeaning:
    """Return the reading of the last, this or the next unit: "vorige week", "dit jaar"."""
    step = {"last": -1, "past": -1, "this": 0, "same": 0, "next": 1, "coming": 1}[turn]
    kinds: dict[str, Kind] = {"fortnight": "span", "workday": "day"}
    kind: Kind = kinds.get(unit, unit)  # type: ignore[arg-type]
    story = turn == "same" or (unit == "day" and step != 0)

    def span(moment: Moment) -> DateRange:
        # Until Saturday, "komend weekend" is that of this week.
        is_ahead = unit == "weekend" and turn == "coming" and moment.today.weekday() < 5
        return period_of(moment.today, unit, 0 if is_ahead else step)

    return DateMeaning(
        kind,
        span,
        Anchor.STORY if story else Anchor.TODAY,
        unit_turn=True,
    )
