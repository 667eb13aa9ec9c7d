"""The distribution of the articles over time: the bars of the timeline, and a summary line."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from index_store.catalog.listing import MonthCount
from qa.web.page.answer_words import ANSWER

_MOST_MONTHS = 48  # a longer time is drawn by year
_LONGEST_YEARS = 300  # a year typed wrongly must not make a million bars


@dataclass(frozen=True, slots=True)
class Bar:
    """The articles of one month or year; `mark` is the text below the bar, or ""."""

    first: date
    last: date
    label: str
    mark: str
    articles: int


@dataclass(frozen=True, slots=True)
class Bars:
    """The timeline: its bars in order ("month" or "year"), and how many articles fit in none."""

    unit: str
    bars: tuple[Bar, ...]
    imprecise: int
    undated: int


def bars_of(months: Sequence[MonthCount], language: str, *, year: int | None = None) -> Bars:
    """Return the bars by month, or by year if there are too many months.

    With `year`, return the months of that year.

    >>> counts = [MonthCount("2021-12", "2021-12", 3), MonthCount("2022-02", "2022-02", 1)]
    >>> [(bar.label, bar.articles) for bar in bars_of(counts, "nl").bars]
    [('december 2021', 3), ('januari 2022', 0), ('februari 2022', 1)]
    """
    dated = [month for month in months if month.first is not None and month.last is not None]
    undated = sum(month.articles for month in months if month.first is None)
    by_month = _counts(dated, len("2021-12"))
    by_year = _counts(dated, len("2021"))
    if year is not None:
        by_month = {month: count for month, count in by_month.items() if month[:4] == f"{year:04}"}
        bars = _months(date(year, 1, 1), date(year, 12, 1), by_month, language) if year else ()
        return Bars("month", bars, 0, 0)
    if not dated:
        return Bars("month", (), 0, undated)
    spanning = _spanning(months)
    first_day = _day(min(str(month.first) for month in spanning))
    last_day = _day(max(str(month.last) for month in spanning))
    total = sum(month.articles for month in dated)
    if _distance(first_day, last_day) < _MOST_MONTHS:
        bars = _months(first_day, last_day, by_month, language)
        return Bars("month", bars, total - sum(by_month.values()), undated)
    years = range(max(first_day.year, last_day.year - _LONGEST_YEARS), last_day.year + 1)
    step = 1 if len(years) <= 12 else 5 if len(years) <= 60 else 10
    bars = tuple(
        Bar(
            date(each, 1, 1),
            date(each, 12, 31),
            str(each),
            str(each) if each % step == 0 else "",
            by_year.get(f"{each:04}", 0),
        )
        for each in years
    )
    return Bars("year", bars, total - sum(bar.articles for bar in bars), undated)


def summary(months: Sequence[MonthCount], language: str) -> str:
    """Return a line with the number of articles and their period.

    >>> counts = [MonthCount("2021-12", "2021-12", 3), MonthCount("2023-03", "2023-03", 1)]
    >>> summary(counts, "nl")
    '4 artikelen, dec 2021 – mrt 2023'
    """
    total = sum(month.articles for month in months)
    counted = count_words(total, language)
    period = period_of(months, language)
    return f"{counted}, {period}" if period else counted


def count_words(articles: int, language: str) -> str:
    """Return "1 artikel" or "5 artikelen"."""
    words = ANSWER[language]
    return words["coverage_one"] if articles == 1 else words["coverage_many"].format(count=articles)


def period_of(months: Iterable[MonthCount], language: str) -> str | None:
    """Return the first and the last month in which the articles appeared, in short form.

    Dates that are not known to the month count only if there are no others.
    """
    dated = _spanning(months)
    if not dated:
        return None
    first, last = min(str(m.first) for m in dated), max(str(m.last) for m in dated)
    ends = [short_month(_day(month), language) for month in dict.fromkeys((first, last))]
    return " – ".join(ends)


def short_month(day: date, language: str) -> str:
    """Return a month in short: "dec 2021".

    >>> short_month(date(2021, 12, 5), "nl")
    'dec 2021'
    """
    from babel.dates import format_date

    return str(format_date(day, "LLL y", locale=language)).replace(".", "")


def _months(first: date, last: date, counts: dict[str, int], language: str) -> tuple[Bar, ...]:
    from babel.dates import format_date

    bars: list[Bar] = []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = number // 12, number % 12 + 1
        day = date(year, month, 1)
        bars.append(
            Bar(
                day,
                day.replace(day=monthrange(year, month)[1]),
                str(format_date(day, "LLLL y", locale=language)),
                # Of a first year that is nearly over, the mark would run into the next one.
                str(year) if month == 1 or (not bars and month < 11) else "",
                counts.get(f"{year:04}-{month:02}", 0),
            )
        )
    return tuple(bars)


def _counts(months: Iterable[MonthCount], length: int) -> dict[str, int]:
    """Return how many articles lie within one month or year, by its first day."""
    counts: dict[str, int] = {}
    for month in months:
        unit = str(month.first)[:length]
        if unit == str(month.last)[:length]:
            counts[unit] = counts.get(unit, 0) + month.articles
    return counts


def _spanning(months: Iterable[MonthCount]) -> list[MonthCount]:
    """Return the dates that decide the period: those known to the month, else all known ones."""
    dated = [month for month in months if month.first is not None and month.last is not None]
    return [month for month in dated if month.first == month.last] or dated


def _day(month: str) -> date:
    return date(int(month[:4]), int(month[5:7]), 1)


def _distance(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
