"""Reads articles that are as they were stored, and notes the ids of those that are damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from index_store.catalog.article_rows import ARTICLE_COLUMNS, DATED_ARTICLES, article_from_row
from index_store.catalog.schema import is_damage
from index_store.errors import ArticleDamagedError
from index_store.records import Article

# The ids of damaged articles that were asked for, as keys, in the order in which they were met.
Withheld = dict[str, None]

_AT_ONCE = 900  # SQLite takes at most 32,766 parameters; short statements stay cached
_SELECT = f"SELECT number, {ARTICLE_COLUMNS} FROM {DATED_ARTICLES} WHERE number"


def whole_article(
    connection: sqlite3.Connection, number: int, withheld: Withheld
) -> Article | None:
    """Return an article by its number; `None` if it is gone or damaged."""
    try:
        row = connection.execute(f"{_SELECT} = ?", (number,)).fetchone()
        return article_from_row(row[1:]) if row else None
    except ArticleDamagedError as error:
        withheld[error.article_id] = None
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        withheld[_name(connection, number)] = None
    return None


def whole_articles(
    connection: sqlite3.Connection, numbers: Sequence[int], withheld: Withheld
) -> dict[int, Article]:
    """Return articles by number, without those that are gone or damaged."""
    found: dict[int, Article] = {}
    for at in range(0, len(numbers), _AT_ONCE):
        part = [int(number) for number in numbers[at : at + _AT_ONCE]]
        try:
            marks = ", ".join("?" * len(part))
            rows = connection.execute(f"{_SELECT} IN ({marks})", part).fetchall()
            found |= {number: article_from_row(tuple(row)) for number, *row in rows}
        except (ArticleDamagedError, sqlite3.DatabaseError):  # one of them: which one?
            each = {number: whole_article(connection, number, withheld) for number in part}
            found |= {number: article for number, article in each.items() if article}
    return found


def _name(connection: sqlite3.Connection, number: int) -> str:
    """Return the id of an article that cannot be read, by its own row or by its place."""
    for statement in (
        "SELECT id FROM article WHERE number = ?",
        "SELECT key FROM origin WHERE article = ? ORDER BY key",
    ):
        try:
            row = connection.execute(statement, (number,)).fetchone()
        except sqlite3.DatabaseError:
            continue
        if row:
            return str(row[0])
    return f"number {number}"
