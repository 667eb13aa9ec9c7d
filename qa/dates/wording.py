"""Dates in words: when an article appeared, and which days an expression means."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from index_store.records import Article, Precision, Provenance, PublicationDate
from qa.dates.expressions.expression import DateExpression
from qa.text.phrases import phrase

_UNKNOWN = {"nl": "datum onbekend", "en": "date unknown"}
_INFERRED = {"nl": "≈ {} (afgeleid)", "en": "≈ {} (inferred)"}
_BY_HAND = {"nl": "{} (met de hand gezet)", "en": "{} (set by hand)"}
_PATTERNS = {Precision.DAY: "d MMMM y", Precision.MONTH: "MMMM y", Precision.YEAR: "y"}


@lru_cache(4096)  # Babel takes its time, and an archive has few dates
def describe_date(published: PublicationDate, *, language: str) -> str:
    """Return the date in words with its precision, in Dutch ("nl") or English.

    A date that the source does not state is marked.

    >>> december = PublicationDate(
    ...     date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH, Provenance.STATED, "2021-12")
    >>> describe_date(december, language="nl")
    'december 2021'
    >>> describe_date(PublicationDate(), language="nl")
    'datum onbekend'
    >>> guess = PublicationDate(date(2022, 2, 15), date(2022, 2, 20), Precision.RANGE,
    ...                         Provenance.INFERRED, score=0.95)
    >>> describe_date(guess, language="nl")
    '≈ 15–20 februari 2022 (afgeleid)'
    """
    locale = language if language in _UNKNOWN else "en"
    if published.first is None or published.last is None:
        return _UNKNOWN[locale]
    pattern = _PATTERNS.get(published.precision)
    if published.provenance is Provenance.STATED and pattern is None:
        return describe_days(published.first, published.last, language=locale)
    words = _in_words(published.first, published.last, pattern, locale)
    if published.provenance is Provenance.INFERRED:
        return _INFERRED[locale].format(words)
    return _BY_HAND[locale].format(words) if published.provenance is Provenance.USER else words


def _in_words(first: date, last: date, pattern: str | None, locale: str) -> str:
    """Return days in words; parts that both ends of a range share are named once."""
    from babel.dates import format_date

    if pattern:
        return str(format_date(first, pattern, locale=locale))
    end = format_date(last, "d MMMM y", locale=locale)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale=locale)
    return f"{start} – {end}"


def describe_days(first: date | None, last: date | None, *, language: str) -> str:
    """Return a range of days in words, with "…" for an open side; `None` twice is an unknown date.

    >>> describe_days(date(2021, 12, 1), date(2021, 12, 24), language="nl")
    '1 december 2021 – 24 december 2021'
    >>> describe_days(date(2021, 12, 1), date(2021, 12, 31), language="nl")
    'december 2021'
    >>> describe_days(date(2021, 12, 1), date(2022, 1, 31), language="nl")
    'december 2021 – januari 2022'
    """
    from babel.dates import format_date

    locale = language if language in _UNKNOWN else "en"
    if first is None and last is None:
        return _UNKNOWN[locale]
    if first and last and first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return str(format_date(first, _PATTERNS[Precision.MONTH], locale=locale))
        if (first.year, first.month, last.month) == (last.year, 1, 12):
            return str(first.year)
        month = _PATTERNS[Precision.MONTH]
        return " – ".join(str(format_date(day, month, locale=locale)) for day in (first, last))
    days = dict.fromkeys((first, last))
    return " – ".join(
        str(format_date(day, "d MMMM y", locale=locale)) if day else "…" for day in days
    )


def stated_words(published: PublicationDate, *, language: str | None) -> list[str]:
    """Return the date in words if the source states it, as a list of none or one.

    Inferred dates and dates set by hand never reach the encoder, because a change of them would
    mean encoding the article again.
    """
    if published.provenance is not Provenance.STATED:
        return []
    return [describe_date(published, language=language or "nl")]


def display_date(article: Article, language: str) -> str:
    """Return the publication date in words."""
    return describe_date(article.published, language=language)


def describe_expression(expression: DateExpression, language: str) -> str:
    """Return the words of a date expression with the days that they mean.

    >>> from qa.dates.expressions import find_dates
    >>> [found] = find_dates("volgende maand", today=date(2023, 3, 25), language="nl")
    >>> describe_expression(found, "nl")
    '“volgende maand”: april 2023'
    """
    from babel.dates import get_day_names

    days = describe_days(expression.range.first, expression.range.last, language=language)
    if expression.weekday is not None and expression.range.first != expression.range.last:
        weekday = get_day_names(locale=language)[expression.weekday]
        days = phrase("weekday", language, weekday=weekday, days=days)
    return phrase("expression", language, words=" ".join(expression.text.split()), days=days)
