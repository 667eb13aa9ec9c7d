"""Rules for days: dates in words and in figures, days of the week, and holidays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

from index_store.records import DateRange
from qa.dates.expressions.calendar_spans import (
    DAY,
    add,
    days,
    period_of,
)
from qa.dates.expressions.expression import Anchor
from qa.dates.expressions.holidays import HOLIDAYS
from qa.dates.expressions.reading import (
    DateMeaning,
    Moment,
    fixed,
    from_today,
    on_weekday,
    yearly,
)
from qa.dates.expressions.rule import Parts, Rule
from qa.dates.expressions.vocabulary import DateVocabulary


def _day_month(parts: Parts) -> DateMeaning:
    day = parts.number("day" if parts.has("day") else "dd")
    month = parts.month() if parts.has("month") else int(parts.text("mm"))
    reading = yearly("day", lambda year: days(date(year, month, day)))
    if not parts.has("weekday"):
        return reading
    weekday, guess = parts.weekday(), reading.span

    def span(moment: Moment) -> DateRange:
        return _year_with_weekday(month, day, weekday, moment) or guess(moment)

    return replace(reading, span=span)


def _year_with_weekday(month: int, day: int, weekday: int, moment: Moment) -> DateRange | None:
    """Return "dinsdag 8 november" of this, the last or the next year, where it is a Tuesday."""
    if moment.year is not None:
        return None
    for year in (moment.today.year, moment.today.year - 1, moment.today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found.weekday() == weekday:
            return days(found)
    return None


def _month_first(parts: Parts) -> DateMeaning:
    day, month = int(parts.text("dd")), int(parts.text("mm"))
    return replace(yearly("day", lambda year: days(date(year, month, day))), weak=True)


def _full_date(parts: Parts) -> DateMeaning:
    day, month, year = int(parts.text("dd")), int(parts.text("mm")), parts.year()
    return fixed("day", lambda: days(date(year, month, day)))


def _day_range(parts: Parts) -> DateMeaning | None:
    first, last = parts.number("first"), parts.number("last")
    month = parts.month()
    joint = parts.text("joint")
    between = parts.has("from") and parts.value("from") == "and"
    alternatives = parts.has("either") and not between
    if first >= last or (alternatives and last - first > 1):
        return None
    through = alternatives or parts.words.tables["till"].get("_".join(joint.split())) == "through"

    def in_year(year: int, *, take_last: bool = through) -> DateRange:
        end = date(year, month, last)
        return days(date(year, month, first), end if take_last else end - DAY)

    reading = yearly("span", in_year)
    return replace(reading, widest=lambda moment: _widened(reading, moment, last - first))


def _widened(reading: DateMeaning, moment: Moment, length: int) -> DateRange:
    first = reading.span(moment).first
    if first is None:
        raise ValueError("the range is open")
    return days(first, first + length * DAY)


def _turned_day(parts: Parts) -> DateMeaning:
    """Read "volgende maand de 12e"."""
    day = parts.number("nth")
    step = {"last": -1, "past": -1, "this": 0, "same": 0}.get(parts.value("turn"), 1)
    return from_today(
        "day",
        lambda today: days((period_of(today, "month", step).first or today).replace(day=day)),
    )


def _turned_day_range(parts: Parts) -> DateMeaning:
    first, last = int(parts.text("first")), int(parts.text("last"))
    step = {"last": -1, "past": -1, "this": 0, "same": 0}.get(parts.value("turn"), 1)

    def span(today: date) -> DateRange:
        month = period_of(today, "month", step).first or today
        return days(month.replace(day=first), month.replace(day=last) - DAY)

    return from_today("span", span)


def _weekday_of_month(parts: Parts) -> DateMeaning:
    """Read "zondag 31": this month's if it is a Sunday, else the next or the last one."""
    weekday, day = parts.weekday(), parts.number("day")

    def span(moment: Moment) -> DateRange:
        step = 1 if moment.prefer == "future" else -1
        for distance in range(0, 84 * step, step):
            month = period_of(moment.today, "month", distance).first or moment.today
            try:
                found = month.replace(day=day)
            except ValueError:
                continue
            if found.weekday() == weekday:
                return days(found)
        raise ValueError("no such day")

    return DateMeaning("day", span, Anchor.TODAY)


def _day_of_this_month(parts: Parts) -> DateMeaning:
    day = parts.number("nth")

    def span(moment: Moment) -> DateRange:
        found = moment.today.replace(day=day)
        if moment.prefer == "past" and found > moment.today:
            return days(add(found, -1, "month"))
        if moment.prefer == "future" and found < moment.today:
            return days(add(found, 1, "month"))
        return days(found)

    return DateMeaning("day", span, Anchor.TODAY)


def _holiday(parts: Parts) -> DateMeaning:
    in_year = _holiday_by_name(parts.words, parts.text("holiday"))
    first, last = in_year(2001).first, in_year(2001).last
    return yearly("day" if first == last else "span", in_year)


@cache
def _holiday_patterns(
    language: str,
) -> tuple[tuple[re.Pattern[str], Callable[[int], DateRange]], ...]:
    return tuple(
        (re.compile(pattern.replace("_", r"(?:\s+)")), in_year)
        for pattern, in_year in HOLIDAYS[language]
    )


def _holiday_by_name(words: DateVocabulary, name: str) -> Callable[[int], DateRange]:
    for pattern, in_year in _holiday_patterns(words.language):
        if pattern.fullmatch(name):
            return in_year
    raise KeyError(name)


def _named_weekday(parts: Parts) -> DateMeaning:
    return on_weekday(int(parts.value("weekday_name")))


def _weekday(parts: Parts) -> DateMeaning:
    return on_weekday(parts.weekday())


def _weak_weekday(parts: Parts) -> DateMeaning:
    return on_weekday(parts.weekday(), weak=True)


def _weak(build: Callable[[Parts], DateMeaning]) -> Callable[[Parts], DateMeaning]:
    return lambda parts: replace(build(parts), weak=True)


_WEEKDAY = r"(?: <weekday> ,? _ (?: <the> _ )? )"
# What may follow a number for it to be a day of the month by itself.
_ALONE = (
    r"(?= \s* (?: [.,;:!?)\"'] (?!\d) | $ )"
    r"| _ (?: om | terug | weg | at | and | en | or | of | tot | zijn ) \b )"
)
_NO_FIGURE_NEXT = r"(?! \s? [-/.:,%] \d | [-/] | \s? (?: uur | euro | procent | % ) )"
_NO_FIGURE_BEFORE = r"(?<! \d [/.:,] ) (?<! [€$£#+] )"
_JOINT = r"(?: _ <joint=till> _ | \s? (?P<dash> [-~] ) \s? | _ <either> _ )"

RULES: tuple[Rule, ...] = (
    Rule(rf"{_NO_FIGURE_BEFORE} {_WEEKDAY}? <day> (?: _ <of> )? _ <month>", _day_month),
    Rule(rf"{_WEEKDAY}? <day> [-/] <month>", _day_month),
    Rule(rf"{_WEEKDAY}? <month> <joint=month_day_joint> <day>" + _NO_FIGURE_NEXT, _day_month),
    Rule(rf"{_NO_FIGURE_BEFORE} {_WEEKDAY}? <dd> (?P<mark>[-/.]) <mm> (?P=mark) <yyyy>"
         r"(?! [-/.] \d )", _full_date),
    Rule(rf"{_NO_FIGURE_BEFORE} {_WEEKDAY}? <dd> (?P<mark>[-/]) <mm> (?P=mark) '?<yyyy=yy>"
         r"(?! [-/.] \d )", _full_date),
    Rule(rf"{_NO_FIGURE_BEFORE} <mm> (?P<mark>[-/]) (?P<dd>1[3-9]|2\d|3[01]) (?P=mark) <yyyy>"
         r"(?! [-/.] \d )", _full_date),
    Rule(rf"{_NO_FIGURE_BEFORE} <yyyy> (?P<mark>[-/.]) <mm> (?P=mark) <dd> (?! [-/.] \d )",
         _full_date),
    Rule(rf"{_WEEKDAY} <dd> [-/.] <mm>" + _NO_FIGURE_NEXT, _day_month),
    Rule(rf"{_NO_FIGURE_BEFORE} (?P<dd>[0-3]\d) [-/] (?P<mm>0[1-9])" + _NO_FIGURE_NEXT, _day_month),
    Rule(rf"{_NO_FIGURE_BEFORE} <dd> [-/] <mm> (?! [/.:,%] \d )", _weak(_day_month)),
    Rule(rf"{_NO_FIGURE_BEFORE} <mm> / (?P<dd>1[3-9]|2\d|3[01])" + _NO_FIGURE_NEXT, _month_first),
    Rule(rf"(?: <from> _ )? (?: {_WEEKDAY}? <first=day> {_JOINT} (?: <wd=weekday> _ )? <last=day>"
         r"(?: _ <of> )? _ <month> )", _day_range),
    Rule(r"<month> _ <first=dd> (?: <ordinal_end> )? \s? (?: <joint=till> ) \s? <last=dd>"
         + _NO_FIGURE_NEXT, _day_range),
    Rule(r"<turn> _ <month_word> _ <the> _ <nth>", _turned_day),
    Rule(r"<turn> _ <month_word> (?: _ van )? _ <first=dd> \s? - \s? <last=dd>", _turned_day_range),
    Rule(rf"<weekday=weekday_name> _ (?: <the> _ )? <day> {_NO_FIGURE_NEXT} {_ALONE}",
         _weekday_of_month),
    Rule(r"(?: (?<= tot\sde\s ) | (?<= af\sde\s ) | (?<= on\sthe\s ) ) <nth>"
         r"(?= \s* (?: [.;!?] (?!\d) | $ ) | _ (?: om | terug | weg ) \b )", _day_of_this_month),
    Rule(r"(?: (?<= op\sde\s ) | (?<= on\sthe\s ) )"
         r"(?P<nth> (?: 1[3-9] | 2\d | 3[01] ) <ordinal_end> )"
         r"(?= \s* (?: [.,;!?] (?!\d) | $ ) )", _day_of_this_month),
    Rule(r"(?: <from> _ )? <first=dd> (?: _ <till> _ | \s? [-~] \s? ) <last=dd> _ (?: van _ )?"
         r"<turn> _ <month_word>", _turned_day_range),
    Rule(r"(?<= de\s ) <nth> (?= _ (?: om | terug | weg ) \b )", _day_of_this_month),
    Rule(r"<weekday_name> <weekday_part>?", _named_weekday),
    Rule(r"(?<= op\s ) (?P<weekday> (?: ma | di | woe? | vr | zat? ) \.? )", _weekday),
    Rule(r"<weekday>", _weak_weekday),
    Rule(r"<holiday>", _holiday),
)  # fmt: skip
