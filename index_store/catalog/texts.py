"""Reads the texts of articles in one state of the catalog, without all that belongs to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index_store.catalog.article_rows import DATED_ARTICLES

_BLOCK = 500  # texts read at a time


@dataclass(frozen=True, slots=True)
class ContentRow:
    """An article without its words: the hash of its content, and the days that it appeared on."""

    number: int
    content: bytes
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class ArticleTexts:
    """The articles that a connection sees."""

    connection: sqlite3.Connection

    def rows(self) -> Iterator[ContentRow]:
        """Yield all articles, the oldest first, those of unknown date last."""
        first, last = (
            f"coalesce(by_hand.{day}, article.{day}, inferred.{day})" for day in ("first", "last")
        )
        for number, content, *days in self.connection.execute(
            f"SELECT article.number, content_hash, {first}, {last} FROM {DATED_ARTICLES}"
            f" ORDER BY {first} IS NULL, {first}, article.number"
        ):
            known = [date.fromisoformat(day) if day else None for day in days]
            yield ContentRow(number, bytes.fromhex(content), *known)

    def texts(self, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield number and text of each of these articles, in any order."""
        for at in range(0, len(numbers), _BLOCK):
            block = numbers[at : at + _BLOCK]
            marks = ", ".join("?" * len(block))
            yield from self.connection.execute(
                f"SELECT number, text FROM article WHERE number IN ({marks})", block
            )
