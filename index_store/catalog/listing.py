"""Counts the articles of each month, and lists articles page by page.

SQL does the counting, and only one page of the list is read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.article_rows import (
    ALL_SOURCES,
    DATED_ARTICLES,
    day_columns,
    filter_condition,
)
from index_store.catalog.reading import Catalog
from index_store.catalog.state import read_last_number
from index_store.catalog.whole_articles import whole_articles
from index_store.records import EVERYTHING, Article, ArticleFilter

_OPENING = 400  # characters of a text that are searched beside title, source and id


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many articles appeared between two months ("2021-12"), which are mostly the same month.

    Both months are `None` for articles of unknown date.
    """

    first: str | None
    last: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article in a list: all that is counted, without its title and text.

    `first` and `last` are the days between which it appeared, `None` if that is unknown.
    `sources` are all that brought the very same article, the first one named in it.
    """

    number: int
    id: str
    sources: tuple[str, ...]
    author: str | None
    language: str | None
    first: date | None
    last: date | None


class Order(StrEnum):
    """The order of a list of articles; articles of unknown date come last."""

    OLDEST = "oldest"
    NEWEST = "newest"
    TITLE = "title"
    SOURCE = "source"
    ID = "id"


# The day that counts: set by hand, stated, or inferred.
_FIRST, _LAST = (
    f"coalesce(by_hand.{day}, article.{day}, inferred.{day})" for day in ("first", "last")
)
_OPENING_WORDS = f"coalesce(title, ltrim(substr(text, 1, {_OPENING}), ' \n\r\t\"“„''‘'))"
_ORDERS = {
    Order.OLDEST: f"{_FIRST} IS NULL, {_FIRST}, {_LAST}, article.id",
    Order.NEWEST: f"{_FIRST} IS NULL, {_LAST} DESC, {_FIRST} DESC, article.id",
    Order.TITLE: f"{_OPENING_WORDS} COLLATE NOCASE, article.id",
    Order.ID: "article.id",
    Order.SOURCE: f"article.source COLLATE NOCASE, {_FIRST} IS NULL, {_FIRST}, article.id",
}


def count_months(catalog: Catalog, only: ArticleFilter = EVERYTHING) -> tuple[MonthCount, ...]:
    """Return the number of articles by month, in order; those of unknown date are counted last."""
    condition, values = filter_condition(only)
    with catalog.reading() as connection:
        rows = connection.execute(
            f"SELECT substr({_FIRST}, 1, 7) AS month, substr({_LAST}, 1, 7) AS until, count(*)"
            f" FROM {DATED_ARTICLES} WHERE {condition} GROUP BY month, until"
            " ORDER BY month IS NULL, month, until",
            values,
        ).fetchall()
    return tuple(MonthCount(*row) for row in rows)


def list_entries(
    catalog: Catalog,
    holding: Sequence[NDArray[np.int64]] = (),
    only: ArticleFilter = EVERYTHING,
) -> tuple[ArticleEntry, ...]:
    """Return every article that passes the filter and has a chunk of each set, oldest first.

    Articles of unknown date come last.
    """
    condition, values = filter_condition(only)
    first, last = day_columns(only)
    sets = [json.dumps(numbers.tolist()) for numbers in holding]
    held = (
        " AND article.number IN (SELECT chunk.article FROM json_each(?)"
        " JOIN chunk ON chunk.number = json_each.value)"
    )
    with catalog.reading() as connection:
        rows = connection.execute(
            f"SELECT article.number, article.id, article.source, {ALL_SOURCES}, author, language,"
            f" {first}, {last} FROM {DATED_ARTICLES} WHERE {condition}{held * len(sets)}"
            f" ORDER BY {first} IS NULL, {first}, {last}, article.id",
            (*values, *sets),
        ).fetchall()
    return tuple(map(_entry, rows))


def number_of(catalog: Catalog, article_id: str) -> int | None:
    """Return the number of the article with an id; `None` if there is none."""
    with catalog.reading() as connection:
        row = connection.execute(
            "SELECT number FROM article WHERE id = ?", (article_id,)
        ).fetchone()
    return int(row[0]) if row else None


def last_number(catalog: Catalog) -> int:
    """Return the highest number that an article was ever given; 0 before the first one."""
    with catalog.reading() as connection:
        return read_last_number(connection)


def passing(
    catalog: Catalog,
    numbers: Sequence[int] | None,
    only: ArticleFilter,
    order: Order = Order.OLDEST,
) -> list[int]:
    """Return those of some articles (`None`: of all) that pass a filter, in order."""
    condition, values = filter_condition(only)
    if numbers is not None:
        condition += " AND article.number IN (SELECT value FROM json_each(?))"
        values = [*values, json.dumps(numbers)]
    with catalog.reading() as connection:
        rows = connection.execute(
            f"SELECT article.number FROM {DATED_ARTICLES} WHERE {condition}"
            f" ORDER BY {_ORDERS[order]}",
            values,
        )
        return [int(number) for (number,) in rows]


def owners(catalog: Catalog, chunks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the articles that these chunks are cut from, ascending."""
    with catalog.reading() as connection:
        rows = connection.execute(
            "SELECT DISTINCT chunk.article FROM json_each(?)"
            " JOIN chunk ON chunk.number = json_each.value",
            (json.dumps(chunks.tolist()),),
        )
        return np.sort(np.fromiter((number for (number,) in rows), dtype=np.int64))


def _entry(row: tuple[Any, ...]) -> ArticleEntry:
    number, identifier, source, sources, author, language, *days = row
    every = dict.fromkeys([source, *filter(None, (sources or "").split("\x1f"))])
    first, last = (date.fromisoformat(day) if day else None for day in days)
    return ArticleEntry(number, identifier, tuple(every), author, language, first, last)


def list_articles(
    catalog: Catalog,
    *,
    words: Sequence[str] = (),
    only: ArticleFilter = EVERYTHING,
    order: Order = Order.OLDEST,
    offset: int = 0,
    limit: int = 25,
) -> tuple[int, tuple[Article, ...]]:
    """Return how many articles match, and one page of them, without those that are damaged.

    An article matches if each word stands in its title, the opening of its text, its source or its
    id.
    """
    condition, values = filter_condition(only)
    for word in words:
        pattern = "%" + "".join(f"\\{c}" if c in "%_\\" else c for c in word) + "%"
        condition += (
            f" AND (title LIKE ? ESCAPE '\\' OR substr(text, 1, {_OPENING}) LIKE ? ESCAPE '\\'"
            " OR article.source LIKE ? ESCAPE '\\' OR article.id LIKE ? ESCAPE '\\')"
        )
        values = [*values, *[pattern] * 4]
    with catalog.reading() as connection:
        (total,) = connection.execute(
            f"SELECT count(*) FROM {DATED_ARTICLES} WHERE {condition}", values
        ).fetchone()
        # Which ones first: whole articles would be sorted, up to the last of a page far on.
        page = connection.execute(
            f"SELECT article.number FROM {DATED_ARTICLES} WHERE {condition}"
            f" ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?",
            (*values, limit, offset),
        ).fetchall()
        numbers = [number for (number,) in page]
        found = whole_articles(connection, numbers, catalog.withheld)
    return total, tuple(found[number] for number in numbers if number in found)
