"""Rules for expressions that count from the day on which they are said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index_store.records import DateRange
from qa.dates.expressions.calendar_spans import (
    DAY,
    add,
    days,
    ends,
    period_of,
)
from qa.dates.expressions.expression import Anchor, Modifier
from qa.dates.expressions.reading import (
    DateMeaning,
    Kind,
    Moment,
    from_today,
    unit_turn,
)
from qa.dates.expressions.rule import Parts, Rule


def _turn(parts: Parts) -> DateMeaning | None:
    if parts.is_plural("unit"):
        return None  # "de afgelopen jaren" does not say how many
    return unit_turn(parts.value("unit"), parts.value("turn"))


def _this_weekend(_: Parts) -> DateMeaning:
    return replace(unit_turn("weekend", "this"), unit_turn=False)


def _story_unit(parts: Parts) -> DateMeaning | None:
    """Read "de maand ervoor", which counts from a month that the text mentioned."""
    if parts.is_plural("unit"):
        return None
    turned = unit_turn(parts.value("unit"), parts.value("story_turn"))
    return replace(turned, anchor=Anchor.STORY)


def _this_unit(parts: Parts) -> DateMeaning | None:
    if parts.is_plural("unit"):
        return None
    return replace(unit_turn(parts.value("unit"), "this"), weak=True)


def _deictic(parts: Parts, table: str = "deictic") -> DateMeaning:
    shift = int(parts.value(table))
    anchor = Anchor.STORY if table == "story_day" else Anchor.TODAY
    return from_today("day", lambda today: days(today + shift * DAY), anchor=anchor)


def _until_now(_: Parts) -> DateMeaning:
    return from_today("span", lambda today: DateRange(None, today), modifier=Modifier.UNTIL)


def count_and_unit(parts: Parts) -> tuple[int, str]:
    """Return a number and its unit; half a year, and one and a half, become months."""
    if parts.has("halves"):
        return (18 if parts.text("halves").startswith(("anderhalf", "a year")) else 6), "month"
    if parts.has("daywordonly"):
        return 1, "day"
    return parts.number("count"), parts.value("unit")


def turned_count(parts: Parts) -> DateMeaning:
    """Read "de afgelopen drie weken" (until yesterday) or "komende" (from tomorrow on)."""
    count, unit = parts.number("count"), parts.value("unit")
    past = parts.value("counted_turn") == "past"
    if unit == "weekend":
        return from_today("span", lambda today: _weekends(today, count, past=past))

    def span(today: date) -> DateRange:
        if past:
            return days(add(today, -count, unit), today - DAY)
        return days(today + DAY, add(today, count, unit))

    return from_today("span", span)


def _weekends(today: date, count: int, *, past: bool) -> DateRange:
    near = period_of(today, "weekend", -1 if past else int(today.weekday() > 4))
    far = period_of(today, "weekend", -count if past else count - 1 + int(today.weekday() > 4))
    ordered = sorted(day for day in (near.first, near.last, far.first, far.last) if day)
    return days(ordered[0], ordered[-1])


def ago(parts: Parts) -> DateMeaning:
    """Read "drie weken geleden" as that very day; its widest range is the week, month or year."""
    count, unit = count_and_unit(parts)
    return _shifted(parts, -count, unit)


def ahead(parts: Parts) -> DateMeaning:
    """Read "over drie weken" as that very day; its widest range is the week, month or year."""
    count, unit = count_and_unit(parts)
    return _shifted(parts, count, unit)


def _shifted(parts: Parts, count: int, unit: str) -> DateMeaning:
    if parts.has("more"):
        return from_today(
            "span",
            lambda today: (
                DateRange(None, add(today, count, unit))
                if count < 0
                else DateRange(add(today, count, unit), None)
            ),
            modifier=Modifier.BEFORE if count < 0 else Modifier.AFTER,
        )
    if parts.has("less"):
        return within(parts, count, unit)
    period = unit if unit in ("week", "month", "year", "decade", "century") else "day"
    kinds: dict[str, Kind] = {"week": "day", "decade": "year", "century": "year"}
    kind: Kind = kinds.get(period, period)  # type: ignore[arg-type]

    def widest(moment: Moment) -> DateRange:
        return period_of(add(moment.today, count, unit), period)

    return replace(from_today(kind, lambda today: days(add(today, count, unit))), widest=widest)


def within(parts: Parts, count: int | None = None, unit: str = "") -> DateMeaning:
    """Read "binnen drie weken" (from today) or "minder dan drie weken geleden" (through today)."""
    if count is None:
        count, unit = count_and_unit(parts)
    steps = count

    def span(today: date) -> DateRange:
        end = add(today, steps, unit)
        return days(min(today, end), max(today, end))

    return from_today("span", span)


def shifted_from(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    """Read "twee weken na 15 januari" as that very day; the date to count from follows."""
    count, unit = count_and_unit(parts)
    if inner.modifier:
        return None
    earlier = parts.has("shiftearlier")

    def span(moment: Moment) -> DateRange:
        start = inner.span(
            moment
            if inner.in_year is None and inner.weekday is None
            else replace(moment, prefer="future")
        )
        day = start.first if earlier else start.last
        if day is None:
            raise ValueError("there is no day to count from")
        found = add(day, -count if earlier else count, unit)
        if parts.has("more"):
            return DateRange(None, found) if earlier else DateRange(found, None)
        return days(found)

    anchor = inner.anchor
    more = (Modifier.BEFORE if earlier else Modifier.AFTER) if parts.has("more") else None
    return DateMeaning("span" if more else "day", span, anchor, modifier=more)


def counted_since(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    """Read "binnen twee jaar sinds 2011" as the day when they end; at its widest, both years."""
    count, unit = count_and_unit(parts)
    if inner.modifier:
        return None

    def widest(moment: Moment) -> DateRange:
        first, _ = ends(inner.span(moment))
        return days(first, add(first, count, unit))

    def span(moment: Moment) -> DateRange:
        return days(ends(widest(moment))[1])

    return DateMeaning("day", span, inner.anchor, widest=widest)


def weekday_in_weeks(parts: Parts) -> DateMeaning:
    """Read "maandag over twee weken" as that many weeks after the coming Monday."""
    weekday, weeks = parts.weekday(), parts.number("count")

    def span(today: date) -> DateRange:
        coming = today + ((weekday - today.weekday() - 1) % 7 + 1) * DAY
        return days(add(coming, weeks, "week"))

    return from_today("day", span, anchor=Anchor.TODAY)


def _story_day(parts: Parts) -> DateMeaning:
    return _deictic(parts, "story_day")


def _now(_: Parts) -> DateMeaning:
    return replace(from_today("day", days), weak=True)


_HALVES = (
    r"(?P<halves> (?:een_)? half_jaar | (?:een_)? halfjaar | anderhalf_jaar"
    r" | half_a_year | a_half_year | a_year_and_a_half )"
)
AMOUNT = rf"(?: {_HALVES} | <count> _ <unit> )"
COMPARED = r"(?: (?: <more> | <less> ) _ )?"

RULES: tuple[Rule, ...] = (
    Rule(r"<turn> _ <unit>", _turn),
    Rule(r"<the> _ <unit>", _this_unit),
    Rule(r"<the> _ <unit> _ <story_turn> (?! _ \w )", _story_unit),
    Rule(r"weekend", _this_weekend),
    Rule(r"<deictic>", _deictic),
    Rule(r"<story_day>", _story_day),
    Rule(r"<until_now>", _until_now),
    Rule(r"<now>", _now),
    Rule(r"<counted_turn> _ <count> _ <unit>", turned_count),
    Rule(r"(?P<count> \d{1,3} ) _ <counted_turn> _ <unit>", turned_count),
    Rule(r"<count> _ <counted_turn> _ <unit>", turned_count),
    Rule(rf"(?<! \d\s ) {COMPARED} {AMOUNT} _ <ago>", ago),
    Rule(rf"<ahead> _ {COMPARED} {AMOUNT} (?! _ <shift_later> _ )", ahead),
    Rule(rf"<within> _ {AMOUNT}", within),
    Rule(r"<weekday=weekday_name> _ <ahead> _ <count> _ (?: week | weken )", weekday_in_weeks),
)
