"""Rules that extend or join expressions: "eind maart", "de derde woensdag van oktober"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index_store.records import DateRange
from qa.dates.expressions import portions
from qa.dates.expressions.calendar_spans import (
    DAY,
    days,
    ends,
    nearest_weekday,
    nth_weekday,
    period_of,
    week_within,
)
from qa.dates.expressions.expression import Anchor
from qa.dates.expressions.reading import (
    DateMeaning,
    Kind,
    Moment,
    turned,
)
from qa.dates.expressions.relative_rules import (
    AMOUNT,
    COMPARED,
    counted_since,
    shifted_from,
)
from qa.dates.expressions.rule import Parts

_STRETCHES = ("early", "late", "vroeg in", "laat in")
_UNITS = frozenset({"week", "month", "quarter", "half", "season", "year", "this year", "decade",
                    "century", "span", "weekend", "day"})  # fmt: skip
_PERIODS = _UNITS - {"day", "weekend"}
_LONG = _PERIODS - {"week"}
_WEEKISH = frozenset({"week", "weekend"})
_YEARS = frozenset({"year"})


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words before an expression of certain kinds, and the function that changes its meaning."""

    template: str
    kinds: frozenset[str]
    build: Callable[[Parts, DateMeaning], DateMeaning | None]


@dataclass(frozen=True, slots=True)
class Joint:
    """Words between two expressions, and the function that joins the two into one."""

    template: str
    build: Callable[[DateMeaning, DateMeaning], DateMeaning | None]


def _portion(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    part = parts.value("part")
    if inner.modifier or inner.point:
        return None
    kind = "this year" if inner.kind == "year" and inner.unit_turn else inner.kind
    result = inner.mapped(lambda period: portions.portion(period, kind, part), "span")
    span = inner.span

    def point(moment: Moment) -> date:
        first, last = ends(span(moment))
        if part == "middle":
            return portions.middle_of(DateRange(first, last))
        return first if part == "start" else last + DAY

    # "Late 2019" is a stretch of time only; "the end of 2019" is a moment too.
    is_stretch = parts.text("part") in _STRETCHES
    return replace(result, point=None if is_stretch else point, unit_turn=False)


def _half(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    number = parts.number("nth")
    if number not in (1, 2):
        return None
    half = inner.mapped(lambda period: portions.half(period, number), "half")
    return replace(half, unit_turn=False)


def _fourth(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    number = parts.number("nth")
    if not 1 <= number <= 4:
        return None
    half = 1 if number <= 2 else 2
    fourth = inner.mapped(
        lambda period: portions.half(portions.half(period, half), 2 - number % 2), "span"
    )
    return replace(fourth, unit_turn=False)


def _nth_unit(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    """Read "de eerste week van 2015", "de laatste dag van maart", "de 15e van de maand"."""
    number = -1 if parts.has("lastof") else parts.number("nth")
    unit = parts.value("unit") if parts.has("unit") else "day"
    plural = parts.has("unit") and parts.is_plural("unit")
    if parts.has("the") and unit == "quarter":
        return None  # found without its article, as elsewhere
    if inner.modifier or plural or (not parts.has("unit") and inner.kind != "month"):
        return None

    def change(period: DateRange) -> DateRange:
        first, last = ends(period)
        if unit == "week":
            return week_within(period, number)
        if unit == "weekend":
            return period_of(nth_weekday(period, number, 5), "weekend")
        start = last if number < 0 else first
        found = period_of(start, unit, number + 1 if number < 0 else number - 1)
        if not period.overlaps(found):
            raise ValueError("the period has not so many of them")
        return found

    kinds: dict[str, Kind] = {"workday": "day"}
    kind: Kind = kinds.get(unit, unit)  # type: ignore[arg-type]
    return replace(inner.mapped(change, kind), unit_turn=False)


def _nth_weekday(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    number = -1 if parts.has("lastof") else parts.number("nth")
    weekday = parts.weekday()
    return replace(
        inner.mapped(lambda period: days(nth_weekday(period, number, weekday)), "day"),
        unit_turn=False,
    )


def _first_units(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    """Read "de eerste drie maanden van 2021"."""
    count, unit = parts.number("count"), parts.value("unit")

    def change(period: DateRange) -> DateRange:
        first, last = ends(period)
        if parts.has("lastof"):
            return days(ends(period_of(last, unit, 1 - count))[0], last)
        return days(first, ends(period_of(first, unit, count - 1))[1])

    return replace(inner.mapped(change, "span"), unit_turn=False)


def _spoken(inner: DateMeaning) -> Anchor:
    """Return the anchor of an expression that is compared with today."""
    return Anchor.STORY if inner.anchor is Anchor.STORY else Anchor.TODAY


def _rest(_: Parts, inner: DateMeaning) -> DateMeaning | None:
    span = inner.span
    return DateMeaning("span", lambda m: portions.rest(span(m), m.today), _spoken(inner))


def _sooner(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    if not inner.unit_turn:
        return None
    span, kind = inner.span, inner.kind
    if parts.value("sooner") == "earlier":
        return DateMeaning("span", lambda m: portions.earlier(span(m), m.today), _spoken(inner))
    return DateMeaning("span", lambda m: portions.later(span(m), kind, m.today), _spoken(inner))


def _turned(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    names_days = inner.kind in ("day", "span") and inner.in_year is not None
    if (inner.kind == "weekday" or names_days) and parts.text("turn") in ("die", "dat"):
        return None  # "de raad, die vrijdag vergadert", "de school, die 19 april bestaat"
    if inner.kind == "weekday" and inner.weak:
        return None
    return turned(inner, parts.value("turn"))


def _turned_past(_: Parts, inner: DateMeaning) -> DateMeaning | None:
    return turned(inner, "past")


def _turned_coming(_: Parts, inner: DateMeaning) -> DateMeaning | None:
    return turned(inner, "coming")


def _around_day(unit: str) -> Callable[[Parts, DateMeaning], DateMeaning]:
    def build(_: Parts, inner: DateMeaning) -> DateMeaning:
        around = inner.mapped(lambda period: period_of(ends(period)[0], unit), "span")
        return replace(around, unit_turn=True)

    return build


def _at_portion(parts: Parts, inner: DateMeaning) -> DateMeaning | None:
    return _portion(parts, inner) if inner.unit_turn else None


def _month_word(_: Parts, inner: DateMeaning) -> DateMeaning | None:
    return replace(inner, weak=False)


_ARTICLE = r"(?: <the> _ )?"
_OF = r"(?: _ <of> )? _"

PREFIXES: tuple[Prefix, ...] = (
    Prefix(rf"<part> {_OF}", _PERIODS | {"weekend"}, _portion),
    Prefix(rf"<aside> _ <part> {_OF}", _PERIODS, _at_portion),
    Prefix(r"<part> -", frozenset({"month", "year", "decade"}), _portion),
    Prefix(rf"<nth> _ <half_of> {_OF}", _PERIODS, _half),
    Prefix(rf"<nth> _ <fourth_of> {_OF}", _PERIODS, _fourth),
    Prefix(rf"{_ARTICLE} (?: <nth> | <last_of> ) _ <unit> _ <of> _",
           _LONG | {"week"}, _nth_unit),
    Prefix(r"(?: <nth> | <last_of> ) _ <weekday> _ <of> _", _LONG, _nth_weekday),
    Prefix(r"<nth> _ <of> _", frozenset({"month"}), _nth_unit),
    Prefix(r"(?: eerste | first | <last_of> ) _ <count> _ <unit> _ <of> _",
           _LONG, _first_units),
    Prefix(rf"<rest> {_OF}", _PERIODS, _rest),
    Prefix(r"<sooner> (?: _ (?: in | op ) )? _", _PERIODS | {"weekend", "day"}, _sooner),
    Prefix(r"<turn> _", frozenset({"day", "weekday", "month", "quarter", "half", "season",
                                   "week", "span"}), _turned),
    Prefix(rf"{_ARTICLE} week _ <week_of> _", frozenset({"day", "weekday"}),
           _around_day("week")),
    Prefix(r"weekend _ <week_of> _", frozenset({"day", "span"}), _around_day("weekend")),
    Prefix(r"<the> _ <day_word_only> _ (?: <shift_later> | <shift_earlier> ) _",
           frozenset({"day", "weekday"}), shifted_from),
    Prefix(rf"{COMPARED} {AMOUNT} _ (?: <shift_later> | <shift_earlier> ) _",
           frozenset({"day", "weekday"}), shifted_from),
    Prefix(rf"<during> _ {AMOUNT} _ <since> _", frozenset({"day", "weekday", "month", "year"}),
           counted_since),
    Prefix(r"(?: <the> _ )? <month_word> _", frozenset({"month"}), _month_word),
)  # fmt: skip

MARKS: tuple[Prefix, ...] = (
    Prefix(r"_ <past_mark>", frozenset(), _turned_past),
    Prefix(r"_ <coming_mark>", frozenset(), _turned_coming),
)


def _with_year(inner: DateMeaning, year: DateMeaning) -> DateMeaning | None:
    """Join days of every year with a year: "maart 2021", "Pasen van vorig jaar"."""
    in_year, span = inner.in_year, year.span
    if in_year is None or year.kind != "year" or year.modifier:
        return None

    def joined(moment: Moment) -> DateRange:
        return in_year(ends(span(moment))[0].year)

    widest = inner.widest
    return replace(
        inner,
        span=joined,
        in_year=None,
        anchor=year.anchor,
        weak=False,
        widest=(lambda m: widest(replace(m, year=ends(span(m))[0].year))) if widest else None,
    )


def _within_week(inner: DateMeaning, week: DateMeaning) -> DateMeaning | None:
    """Join a day of the week with its week: "volgende week dinsdag"."""
    weekday, span = inner.weekday, week.span
    if weekday is None or inner.weak or week.kind not in _WEEKISH:
        return None

    def joined(moment: Moment) -> DateRange:
        first, _ = ends(span(moment))
        return days(first + timedelta(days=(weekday - first.weekday()) % 7))

    in_year = week.in_year
    return DateMeaning(
        "day",
        joined,
        week.anchor,
        in_year=(lambda year: days(nearest_weekday(ends(in_year(year))[0], weekday, "future")))
        if in_year
        else None,
    )


def _swapped(
    build: Callable[[DateMeaning, DateMeaning], DateMeaning | None],
) -> Callable[[DateMeaning, DateMeaning], DateMeaning | None]:
    return lambda first, second: build(second, first)


JOINTS: tuple[Joint, ...] = (
    Joint(r"(?: \s?,_ | _ | [-/,] ) (?: (?: van | in | of ) _ )? ", _with_year),
    Joint(r"(?: _ | [-/] ) (?: <on> _ )?", _swapped(_with_year)),
    Joint(r"_ (?: (?: van | in | of ) _ )? ", _within_week),
    Joint(r"_ (?: <on> _ )?", _swapped(_within_week)),
)
