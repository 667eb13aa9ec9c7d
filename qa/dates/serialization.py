"""Dates, and articles with theirs, as JSON values."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from index_store.records import Article, PublicationDate
from qa.dates.expressions.expression import DateExpression


def expression_to_dict(expression: DateExpression) -> dict[str, Any]:
    """Return a date expression as JSON values: words, place, and ISO days (null: an open side)."""
    return {
        "text": expression.text,
        "start": expression.start,
        "end": expression.end,
        "first": iso_day(expression.range.first),
        "last": iso_day(expression.range.last),
    }


def published_to_dict(published: PublicationDate) -> dict[str, Any]:
    """Return a publication date as JSON values: ISO days or null, precision, provenance."""
    return {
        "first": iso_day(published.first),
        "last": iso_day(published.last),
        "precision": published.precision.value,
        "provenance": published.provenance.value,
    }


def date_to_dict(published: PublicationDate) -> dict[str, Any]:
    """Return a publication date as JSON values with how it is known.

    A stated date has its words; an inferred date has its score and its evidence.
    """
    return {
        **published_to_dict(published),
        "words": published.words,
        "score": published.score,
        "evidence": [
            {**asdict(each), "first": iso_day(each.first), "last": iso_day(each.last)}
            for each in published.evidence
        ],
    }


def iso_day(day: date | None) -> str | None:
    """Return a day as ISO 8601 text, `None` for no day.

    >>> iso_day(date(2021, 12, 17))
    '2021-12-17'
    """
    return None if day is None else day.isoformat()


def article_to_dict(article: Article) -> dict[str, Any]:
    """Return an article as JSON values, with its text."""
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "published": date_to_dict(article.published),
        "source": article.source,
        "other_sources": list(article.other_sources),
        "language": article.language,
        "url": article.url,
        "author": article.author,
        "section": article.section,
        "content_hash": article.content_hash,
    }
