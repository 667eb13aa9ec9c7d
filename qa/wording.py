"""What Dateline itself says, in Dutch and English."""

from __future__ import annotations

from datetime import date

from index_store.records import Article
from qa.conversation import Standalone
from qa.dates import DateExpression
from qa.period import AppliedPeriod
from qa.publication import describe_date, describe_days
from qa.text.phrases import phrase


def display_date(article: Article, language: str) -> str:
    """Return the publication date in words."""
    return describe_date(article.published, language=language)


def understood(
    period: AppliedPeriod, standalone: Standalone | None, as_of: date | None, language: str
) -> list[str]:
    """Return in lines what was made of a question: what it left out, its period, its order."""
    lines = []
    if standalone and standalone.leans:
        lines.append(phrase("standalone", language, question=standalone.question))
    if period.range:
        days = describe_days(period.range.first, period.range.last, language=language)
        words = f"“{period.words}”, " if period.words else ""
        lines.append(phrase("period", language, words=words, days=days))
    if period.speaks_of:
        about = period.speaks_of
        days = describe_days(about.first, about.last, language=language)
        lines.append(phrase("speaks_of", language, days=days))
    if period.order:
        lines.append(phrase(f"order_{period.order}", language))
    if period.not_understood:
        lines.append(phrase("not_understood", language, words=period.not_understood))
    if as_of:
        lines.append(phrase("as_of", language, day=describe_days(as_of, as_of, language=language)))
    return lines


def describe_expression(expression: DateExpression, language: str) -> str:
    """Return the words of a date expression with the days that they stand for.

    >>> from qa.dates import find_dates
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
