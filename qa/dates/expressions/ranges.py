"""Ranges between two readings, and ranges that are open on a side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index_store.records import DateRange
from qa.dates.expressions.calendar_spans import DAY, ends
from qa.dates.expressions.expression import Anchor, Modifier
from qa.dates.expressions.reading import DateMeaning, Moment

_ORDER = (Anchor.CALENDAR, Anchor.TODAY, Anchor.STORY)
MODIFIERS = {
    "since": Modifier.SINCE,
    "until": Modifier.UNTIL,
    "through": Modifier.UNTIL,
    "before": Modifier.BEFORE,
    "after": Modifier.AFTER,
    "around": Modifier.AROUND,
}


def between(start: DateMeaning, stop: DateMeaning, *, through: bool) -> DateMeaning | None:
    """Return the reading of "van START tot STOP", or "tot en met" if `through`.

    If one side leaves out a part, such as its year, the other side gives it.
    """
    if start.modifier or stop.modifier:
        return None

    def span(moment: Moment) -> DateRange:
        at_start, at_stop = _moments(start, stop, moment)
        first = start.point(at_start) if start.point else ends(start.span(at_start))[0]
        return DateRange(first, _last_day(stop, at_stop, through=through))

    def widest(moment: Moment) -> DateRange:
        at_start, at_stop = _moments(start, stop, moment)
        return DateRange(ends(start.reach(at_start))[0], ends(stop.reach(at_stop))[1])

    return DateMeaning("span", span, _anchor(start, stop), widest=widest)


def _anchor(start: DateMeaning, stop: DateMeaning) -> Anchor:
    """Return the anchor of a range; one side may give the year that the other leaves out."""
    sides = {start.anchor, stop.anchor}
    floating = [side for side in (start, stop) if side.anchor is Anchor.TODAY]
    if Anchor.CALENDAR in sides and all(_floats(side) for side in floating):
        sides.discard(Anchor.TODAY)
    return max(sides, key=_ORDER.index)


def _last_day(stop: DateMeaning, moment: Moment, *, through: bool) -> date:
    first, last = ends(stop.span(moment))
    if through:
        return last
    return (stop.point(moment) if stop.point else first) - DAY


def _moments(start: DateMeaning, stop: DateMeaning, moment: Moment) -> tuple[Moment, Moment]:
    """Return the moments for reading both sides, such that the second follows the first."""
    at_start = moment
    if _floats(start) and not _floats(stop):
        end = ends(stop.span(moment))[0]
        if stop.anchor is Anchor.CALENDAR or ends(start.span(moment))[0] > end:
            at_start = Moment(end, "past")
    if not _floats(stop):
        return at_start, moment
    first = ends(start.span(at_start))[0]
    return at_start, Moment(first + DAY if stop.weekday is not None else first, "future")


def _floats(reading: DateMeaning) -> bool:
    return reading.in_year is not None or reading.weekday is not None


def opened(inner: DateMeaning, how: str) -> DateMeaning | None:
    """Return the reading of an expression after "sinds", "tot" or "na" (a key of `MODIFIERS`)."""
    if inner.modifier:
        return None
    if how == "around":
        return replace(inner, modifier=Modifier.AROUND, widest=lambda m: _wider(inner, m))

    def span(moment: Moment) -> DateRange:
        return _side(inner, how, moment)

    def widest(moment: Moment) -> DateRange:
        if how in ("since", "after"):
            return span(moment)
        return DateRange(None, ends(inner.reach(moment))[1])

    return DateMeaning("span", span, inner.anchor, modifier=MODIFIERS[how], widest=widest)


def _side(inner: DateMeaning, how: str, moment: Moment) -> DateRange:
    first, last = ends(inner.span(moment))
    point = inner.point(moment) if inner.point else None
    if how == "since":
        return DateRange(first, None)
    if how == "through":
        return DateRange(None, last)
    if how == "after":
        # "Na het begin van maart" lets most of that beginning in, "na half maart" does not.
        return DateRange(first if point == first else last + DAY, None)
    return DateRange(None, last if point == last + DAY else first - DAY)


def _wider(inner: DateMeaning, moment: Moment) -> DateRange:
    first, last = ends(inner.span(moment))
    margin = last - first + DAY
    return DateRange(first - margin, last + margin)
