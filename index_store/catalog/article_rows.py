"""Articles as rows of the catalog: columns, the date that counts, and filters in SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from index_store.catalog.seals import is_whole
from index_store.errors import ArticleDamagedError
from index_store.records import (
    UNKNOWN_DATE,
    Article,
    ArticleFilter,
    DateEvidence,
    Precision,
    Provenance,
    PublicationDate,
)

# The names of all places where an article was found, parted by "\x1f".
ALL_SOURCES = (
    "(SELECT group_concat(source, char(31)) FROM"
    " (SELECT DISTINCT source FROM origin WHERE origin.article = article.number ORDER BY source))"
)
# What to select for `article_from_row`, and from where.
ARTICLE_COLUMNS = (
    "article.id, title, text, article.source, language, url, author, article.section,"
    f" {ALL_SOURCES},"
    " article.first, article.last, article.precision, article.provenance, article.words,"
    " by_hand.first, by_hand.last, by_hand.precision, by_hand.words,"
    " inferred.first, inferred.last, inferred.precision, inferred.score, inferred.evidence,"
    f" content_hash, {is_whole('article')}"
    f" AND (by_hand.article IS NULL OR {is_whole('date_by_hand', 'by_hand')})"
    f" AND (inferred.article IS NULL OR {is_whole('inferred_date', 'inferred')})"
    " AND NOT EXISTS (SELECT 1 FROM origin WHERE origin.article = article.number"
    f" AND NOT {is_whole('origin')})"
)
DATED_ARTICLES = (
    "article LEFT JOIN date_by_hand AS by_hand ON by_hand.article = article.number"
    " LEFT JOIN inferred_date AS inferred ON inferred.article = article.number"
)
IS_UNDATED = (
    "article.first IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM date_by_hand WHERE date_by_hand.article = article.number)"
)
_COLUMNS_BEFORE_DATES = 9


def article_from_row(row: tuple[Any, ...]) -> Article:
    """Make the record from the columns of `ARTICLE_COLUMNS`.

    Raises:
        ArticleDamagedError: a row that it is made of is not as it was stored.
    """
    identifier, title, text, source, language, url, author, section, sources = row[
        :_COLUMNS_BEFORE_DATES
    ]
    *days, content_hash, is_sealed = row[_COLUMNS_BEFORE_DATES:]
    try:
        published, overruled = _dates(*days)
    except (ValueError, KeyError, TypeError) as error:
        raise ArticleDamagedError(str(identifier), f"a date of it is none ({error})") from error
    others = tuple(name for name in (sources or "").split("\x1f") if name and name != source)
    article = Article(
        identifier, title, text, published, source, language, url, author, section, others,
        overruled,
    )  # fmt: skip
    if not is_sealed or article.content_hash != content_hash:
        raise ArticleDamagedError(article.id, "it is not what was stored")
    return article


def _dates(*row: Any) -> tuple[PublicationDate, PublicationDate]:
    """Return the date that counts, and the stated date if another date overrules it."""
    stated_row, (first, last, precision, words), inferred_row = row[:5], row[5:9], row[9:]
    stated = PublicationDate(
        *_days(stated_row), Precision(stated_row[2]), Provenance(stated_row[3]), stated_row[4]
    )
    if first is not None:
        days = _days((first, last))
        return PublicationDate(*days, Precision(precision), Provenance.USER, words), stated
    if stated != UNKNOWN_DATE or inferred_row[0] is None:
        return stated, UNKNOWN_DATE
    *_, precision, score, evidence = inferred_row
    inferred = PublicationDate(
        *_days(inferred_row),
        Precision(precision),
        Provenance.INFERRED,
        score=float(score),
        evidence=tuple(_evidence(each) for each in json.loads(evidence)),
    )
    return inferred, UNKNOWN_DATE


def _days(row: Iterable[Any]) -> tuple[date | None, date | None]:
    first, last, *_ = (date.fromisoformat(day) if day else None for day in [*row][:2])
    return first, last


def evidence_to_json(evidence: Iterable[DateEvidence]) -> str:
    """Return evidence in the form that a column keeps."""
    return json.dumps([asdict(each) for each in evidence], default=date.isoformat)


def _evidence(kept: dict[str, Any]) -> DateEvidence:
    first, last = _days((kept["first"], kept["last"]))
    return DateEvidence(**{**kept, "first": first, "last": last})


def filter_condition(only: ArticleFilter) -> tuple[str, list[str]]:
    """Return a filter as an SQL condition on `DATED_ARTICLES`, with its values."""
    parts, values = _date_condition(only)
    for column, wanted in (
        ("author", only.authors),
        ("article.section", only.sections),
        ("language", only.languages),
    ):
        if wanted:
            parts.append(f"{column} COLLATE NOCASE IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
    if only.sources:
        parts.append(
            "EXISTS (SELECT 1 FROM origin WHERE origin.article = article.number"
            f" AND origin.source COLLATE NOCASE IN ({', '.join('?' * len(only.sources))}))"
        )
        values.extend(only.sources)
    return " AND ".join(parts) or "1", values


def day_columns(only: ArticleFilter) -> tuple[str, str]:
    """Return SQL for the first and the last day that count for an article of `DATED_ARTICLES`."""
    inferred = ", inferred.{0}" if only.include_inferred else ""
    day = f"coalesce(by_hand.{{0}}, article.{{0}}{inferred})"
    return day.format("first"), day.format("last")


def _date_condition(only: ArticleFilter) -> tuple[list[str], list[str]]:
    """Return the conditions on dates; comparing with an unknown date is never true in SQL."""
    first, last = day_columns(only)
    parts, values = [], []
    if only.published is not None:
        within = [f"{first} IS NOT NULL"]
        if only.published.last:
            within.append(f"{first} <= ?")
            values.append(only.published.last.isoformat())
        if only.published.first:
            within.append(f"{last} >= ?")
            values.append(only.published.first.isoformat())
        undated = f" OR {first} IS NULL" if only.include_undated else ""
        parts.append(f"({' AND '.join(within)}{undated})")
    if only.as_of is not None:
        parts.append(f"{last} <= ?")
        values.append(only.as_of.isoformat())
    return parts, values
