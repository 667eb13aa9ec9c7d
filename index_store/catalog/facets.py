"""Counts the articles of an archive by what is known of them: month, source, author and so on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from index_store.catalog.article_rows import DATED_ARTICLES, day_columns, filter_condition
from index_store.catalog.reading import Catalog
from index_store.records import EVERYTHING, Article, ArticleFilter, Provenance


class Facet(StrEnum):
    """What articles are counted by."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    WEEKDAY = "weekday"
    SOURCE = "source"
    SECTION = "section"
    AUTHOR = "author"
    LANGUAGE = "language"


DIGITS_OF_TIME = {Facet.DAY: 10, Facet.MONTH: 7, Facet.YEAR: 4, Facet.WEEKDAY: 10}
"""How much of "2021-12-17" decides the value of an article, by facet of time."""
_COLUMNS = {
    Facet.SECTION: "article.section",
    Facet.AUTHOR: "author",
    Facet.LANGUAGE: "language",
}


def count_by(
    catalog: Catalog, facet: Facet, only: ArticleFilter = EVERYTHING
) -> dict[str | None, int]:
    """Return how many articles that pass a filter have each value of a facet.

    The value of a weekday is its number, "1" for Monday. An article whose date is less precise than
    the facet has no value (`None`). An article of several sources counts for each of them.
    """
    condition, values = filter_condition(only)
    column, tables = _from(facet, only)
    with catalog.reading() as connection:
        rows = connection.execute(
            f"SELECT {column} AS value, count(DISTINCT article.number) FROM {tables}"
            f" WHERE {condition} GROUP BY value",
            values,
        ).fetchall()
    return {value: int(count) for value, count in rows}


def sum_words_by(
    catalog: Catalog, facet: Facet, only: ArticleFilter, words: Mapping[int, int]
) -> dict[str | None, int]:
    """Return the words of the articles that pass a filter, summed by the values of a facet.

    `words` gives the words of each article by its number.
    """
    condition, values = filter_condition(only)
    column, tables = _from(facet, only)
    with catalog.reading() as connection:
        rows = connection.execute(
            f"SELECT DISTINCT {column}, article.number FROM {tables} WHERE {condition}", values
        ).fetchall()
    sums: dict[str | None, int] = {}
    for value, number in rows:
        sums[value] = sums.get(value, 0) + words.get(number, 0)
    return sums


def _from(facet: Facet, only: ArticleFilter) -> tuple[str, str]:
    """Return SQL for the value of a facet, and for the tables that it comes from."""
    if facet is Facet.SOURCE:
        joined = f"{DATED_ARTICLES} JOIN origin ON origin.article = article.number"
        return "origin.source", joined
    return _column(facet, only), DATED_ARTICLES


def _column(facet: Facet, only: ArticleFilter) -> str:
    if facet in _COLUMNS:
        return _COLUMNS[facet]
    first, last = day_columns(only)
    if facet is Facet.WEEKDAY:  # SQLite counts from Sunday, 0
        day = f"CASE strftime('%w', {first}) WHEN '0' THEN '7' ELSE strftime('%w', {first}) END"
        return f"CASE WHEN {first} = {last} THEN {day} END"
    length = DIGITS_OF_TIME[facet]
    begin = f"substr({first}, 1, {length})"
    return f"CASE WHEN {begin} = substr({last}, 1, {length}) THEN {begin} END"


def values_of(article: Article, facet: Facet, only: ArticleFilter) -> tuple[str | None, ...]:
    """Return the values of an article by which `count_by` counts it.

    >>> from index_store.records import UNKNOWN_DATE
    >>> article = Article("a", None, "Tekst.", UNKNOWN_DATE, "NRC", other_sources=("Trouw",))
    >>> values_of(article, Facet.SOURCE, EVERYTHING), values_of(article, Facet.DAY, EVERYTHING)
    (('NRC', 'Trouw'), (None,))
    """
    match facet:
        case Facet.SOURCE:
            return (article.source, *article.other_sources)
        case Facet.SECTION:
            return (article.section,)
        case Facet.AUTHOR:
            return (article.author,)
        case Facet.LANGUAGE:
            return (article.language,)
    return (_time(article, facet, only),)


def months_of(article: Article, only: ArticleFilter) -> tuple[str, str] | None:
    """Return the months in which an article appeared at the earliest and at the latest.

    `None` stands for an unknown date, and for an inferred one that the filter shuts out.

    >>> from datetime import date
    >>> from index_store.records import Precision, PublicationDate
    >>> days = (date(2019, 12, 30), date(2020, 1, 2))
    >>> published = PublicationDate(*days, Precision.RANGE, Provenance.STATED)
    >>> months_of(Article("a", None, "Tekst.", published, "NRC"), EVERYTHING)
    ('2019-12', '2020-01')
    """
    days = _days(article, only)
    if days is None:
        return None
    first, last = (day.isoformat()[: DIGITS_OF_TIME[Facet.MONTH]] for day in days)
    return first, last


def _days(article: Article, only: ArticleFilter) -> tuple[date, date] | None:
    first, last = article.published.first, article.published.last
    inferred = article.published.provenance is Provenance.INFERRED
    if first is None or last is None or (inferred and not only.include_inferred):
        return None
    return first, last


def _time(article: Article, facet: Facet, only: ArticleFilter) -> str | None:
    days = _days(article, only)
    if days is None:
        return None
    first, last = days
    if facet is Facet.WEEKDAY:
        return str(first.isoweekday()) if first == last else None
    length = DIGITS_OF_TIME[facet]
    begin = first.isoformat()[:length]
    return begin if begin == last.isoformat()[:length] else None
