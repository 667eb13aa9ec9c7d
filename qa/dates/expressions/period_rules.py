"""Rules for months, quarters, seasons, years, decades and centuries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index_store.records import DateRange
from qa.dates.expressions.calendar_spans import (
    days,
    ends,
    iso_week,
    months,
    season,
    years,
)
from qa.dates.expressions.expression import Anchor
from qa.dates.expressions.reading import (
    DateMeaning,
    fixed,
    from_today,
    yearly,
)
from qa.dates.expressions.rule import Parts, Rule


def _month(parts: Parts, *, weak: bool = False) -> DateMeaning:
    month = parts.month()
    return yearly("month", lambda year: months(year, month), weak=weak)


def _month_of_year(parts: Parts) -> DateMeaning:
    month, year = int(parts.text("mm")), parts.year()
    return fixed("month", lambda: months(year, month))


def _year(parts: Parts) -> DateMeaning:
    year = parts.year()
    return fixed("year", lambda: years(year, year))


def _spelled_year(parts: Parts) -> DateMeaning | None:
    rest = parts.number("rest") if parts.has("rest") else 0
    if rest < 10 and not parts.text("hundred_year".replace("_", "")).endswith(("d", "duizend")):
        return None
    year = int(parts.value("hundred_year")) + rest
    return fixed("year", lambda: years(year, year))


def _decade(parts: Parts) -> DateMeaning:
    """Read "jaren twintig" as the last such decade that is over."""
    digits = parts.text("digits").strip("'")
    if len(digits) == 4:
        return fixed("decade", lambda: years(int(digits), int(digits) + 9))
    ten = (
        int(digits) if digits else int(parts.value("ten" if parts.has("ten") else "ten_adjective"))
    )

    def span(today: date) -> DateRange:
        start = today.year // 100 * 100 + ten
        start -= 100 * (start + 9 >= today.year)
        return years(start, start + 9)

    # Which century is meant is custom rather than a matter of the day on which it is said.
    return replace(from_today("decade", span), anchor=Anchor.CALENDAR)


def _century(parts: Parts) -> DateMeaning | None:
    number = parts.number("nth")
    if not 1 <= number <= 30:
        return None
    return fixed("century", lambda: years(number * 100 - 100, number * 100 - 1))


def _hundred(parts: Parts) -> DateMeaning:
    """Read "the 1500s" as a century."""
    first = int(parts.text("digits"))
    return fixed("century", lambda: years(first, first + 99))


def _decades(parts: Parts) -> DateMeaning:
    """Read "jaren 60 en 70" as one range."""
    if parts.has("ten"):
        first, last = parts.value("ten"), parts.value("ten", "last")
    else:
        first, last = (parts.text(name).strip("'") for name in ("digits", "last"))
    start, stop = (int(ten) if len(ten) == 4 else 1900 + int(ten) for ten in (first, last))
    return fixed("span", lambda: years(start, stop + 9))


def _centuries(parts: Parts) -> DateMeaning | None:
    """Read "16e en 17e eeuw" as one range."""
    first, last = parts.number("nth"), parts.number("last")
    if not 1 <= first < last <= 30:
        return None
    return fixed("span", lambda: years(first * 100 - 100, last * 100 - 1))


def _year_range(parts: Parts) -> DateMeaning | None:
    """Read "1939-45" and "973-1050", which end before the last year does, as "1939-1945"."""
    first, digits = int(parts.text("yyyy")), parts.text("last")
    last = int(digits) if len(digits) == 4 else first // 100 * 100 + int(digits)
    # "2010-11" is a month.
    may_be_month = len(digits) == 2 and int(digits) <= 12 and parts.text("mark") == "-"
    if not first < last <= first + 100 or may_be_month:
        return None
    if first < 1000 and len(digits) == 2:
        return None
    whole = years(first, last)
    return replace(fixed("span", lambda: years(first, last - 1)), widest=lambda _: whole)


def _quarter(parts: Parts) -> DateMeaning | None:
    number = parts.number("number" if parts.has("number") else "nth")
    if not 1 <= number <= 4:
        return None
    return yearly("quarter", lambda year: months(year, number * 3 - 2, 3))


def _half_year(parts: Parts) -> DateMeaning | None:
    number = parts.number("number" if parts.has("number") else "nth")
    if number not in (1, 2):
        return None
    # "H2" by itself is more often a gas than a half of the year.
    return yearly("half", lambda year: months(year, number * 6 - 5, 6), weak=parts.has("number"))


def _week(parts: Parts) -> DateMeaning:
    number = parts.number("weeknumber")
    return yearly("week", lambda year: iso_week(year, number))


def _weeks(parts: Parts) -> DateMeaning | None:
    first, last = parts.number("weeknumber"), parts.number("last")
    through = parts.has("till") and parts.value("till") == "through"
    if first >= last:
        return None

    def in_year(year: int, stop: int) -> DateRange:
        return days(ends(iso_week(year, first))[0], ends(iso_week(year, stop))[1])

    return yearly("span", lambda year: in_year(year, last if through else last - 1))


def _season(parts: Parts) -> DateMeaning:
    index = int(parts.value("season"))
    return yearly("season", lambda year: season(year, index), weak=True)


def _season_across(parts: Parts) -> DateMeaning | None:
    """Read "winter 2021-2022", and "seizoen 2021/22" as July through June."""
    year, last = parts.year(), parts.year("last")
    if (last - year) % 100 != 1:
        return None
    if parts.has("season"):
        index = int(parts.value("season"))
        return fixed("season", lambda: season(year + (index in (0, 3)), index))
    return fixed("span", lambda: months(year, 7, 12))


def _weak_month(parts: Parts) -> DateMeaning:
    return _month(parts, weak=True)


def _weak_year(parts: Parts) -> DateMeaning:
    return replace(_year(parts), weak=True)


_NO_FIGURE_BEFORE = r"(?<! \d [/.:,] ) (?<! [€$£#+] )"
_NO_FIGURE_NEXT = r"(?! [-/.:] \d )"
_MM = rf"{_NO_FIGURE_BEFORE} (?P<mm> 0[1-9] | 1[0-2] )"

RULES: tuple[Rule, ...] = (
    Rule(r"(?: <month_word> _ )? <month=month_name>", _month),
    Rule(r"<month>", _weak_month),
    Rule(rf"{_MM} [-/] <yyyy> {_NO_FIGURE_NEXT}", _month_of_year),
    Rule(rf"<yyyy> - {_MM} {_NO_FIGURE_NEXT}", _month_of_year),
    Rule(r"(?<! - ) (?: (?: <turn> _ )? <year> _ | <anno> _ ) (?P<yyyy> \d{3,4} )", _year),
    Rule(r"<yyyy>", _year),
    Rule(rf"{_NO_FIGURE_BEFORE} <yyyy> (?P<mark> [-~/] ) (?P<last> \d\d )"
         rf"{_NO_FIGURE_NEXT} (?! _ <month> )",
         _year_range),
    Rule(r"(?P<yyyy> [1-9]\d\d ) \s? [-~] \s? (?P<last> 1\d{3} )", _year_range),
    Rule(r"<yyyy> / <last=yyyy>", _year_range),
    Rule(r"(?P<yyyy> ' \d\d )", _weak_year),
    Rule(r"<hundred_year> (?: _? (?: (?: en | and ) _? )? <rest=cardinal_word> )?", _spelled_year),
    Rule(r"jaren _ (?P<digits> '?[1-9]0 | 1\d\d0 | 20[0-2]0 )", _decade),
    Rule(r"<decades> _ <ten>", _decade),
    Rule(r"<ten_adjective>", _decade),
    Rule(r"(?P<digits> 1\d00 ) '?s", _hundred),
    Rule(r"(?P<digits> '?[2-9]0 | 1\d[1-9]0 | 20[0-2]0 ) '?s", _decade),
    Rule(r"jaren _ (?P<digits> '?[1-9]0 | 1\d\d0 ) (?: _ <either> _ | _ <till> _ | - )"
         r"(?P<last> '?[1-9]0 | 1\d\d0 )", _decades),
    Rule(r"<decades> _ <ten> (?: _ <either> _ | _ <till> _ | - ) <last=ten>", _decades),
    Rule(r"<nth> (?: _ | - ) <century>", _century),
    Rule(r"<nth> (?: _ <either> _ | _ <till> _ | - ) (?: <the> _ )? <last=nth> _ <century>",
         _centuries),
    Rule(r"(?: q <number> | <nth> _ <quarter> )", _quarter),
    Rule(r"(?: h (?P<number> [12] ) | <nth> _ <half_year> )", _half_year),
    Rule(r"<week> _ <week_number> (?! [-/.:,%] \d )", _week),
    Rule(r"(?: <week> | weken | weeks ) _ <week_number> (?: _ <till> _ | \s? (?P<dash> - ) \s? )"
         r"<last=week_number> (?! [-/.:,%] \d )", _weeks),
    Rule(r"<season>", _season),
    Rule(r"(?: <season> (?: _ van )? | seizoen | season ) _ <yyyy> \s? [-/] \s?"
         r"(?P<last> (?: 1\d | 20 )? \d\d )", _season_across),
)  # fmt: skip
