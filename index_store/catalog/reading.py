"""Reads the catalog: the SQLite file that is the single source of truth."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.article_rows import (
    ARTICLE_COLUMNS,
    DATED_ARTICLES,
    IS_UNDATED,
    article_from_row,
    day_columns,
    filter_condition,
)
from index_store.catalog.change_mark import Setback, read_change, read_mark, setback
from index_store.catalog.nearest import Inferring, read_inferring
from index_store.catalog.opening import is_current
from index_store.catalog.problems import problems
from index_store.catalog.schema import connect, explain_sqlite_errors
from index_store.catalog.seals import is_whole
from index_store.catalog.state import current_edition, read_generation, read_identity
from index_store.catalog.whole_articles import Withheld, whole_article, whole_articles
from index_store.errors import StoreError
from index_store.records import (
    Article,
    ArticleFilter,
    Chunk,
    DateRange,
    Identity,
    Manifest,
    StoredChunk,
)

_VECTORS_PER_BLOCK = 4096
_ROWS_PER_QUERY = 900  # SQLite takes at most 32,766 parameters; short statements stay cached


class Catalog:
    """Read access for any number of threads; every method sees committed state only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = [connect(path)]
        self._lock = threading.Lock()
        self._closed = False
        self.withheld: Withheld = {}
        """The ids of damaged articles that were asked for and not shown, since it was opened."""

    def close(self) -> None:
        """Close all connections; the catalog cannot be used afterwards."""
        with self._lock:
            self._closed = True
            connections, self._idle = self._idle, []
        for connection in connections:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection inside one read transaction: one unchanging state of the store."""
        with self._lock:
            if self._closed:
                raise StoreError(f"the store at {self.path.parent} has been closed")
            connection = self._idle.pop() if self._idle else None
        if connection is not None and not is_current(connection, self.path):
            connection.close()
            connection = None
        connection = connection or connect(self.path)
        with explain_sqlite_errors(self.path):
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:  # some failures have ended it already
                    connection.execute("COMMIT")
                with self._lock:
                    if not self._closed:
                        self._idle.append(connection)
                        connection = None
                if connection is not None:
                    connection.close()

    def generation(self) -> int:
        """Return the number of the last committed change."""
        with self.reading() as connection:
            return read_generation(connection)

    def identity(self) -> Identity:
        """Return which archive this is, and in which of its states."""
        with self.reading() as connection:
            return read_identity(connection)

    def setback(self) -> Setback | None:
        """Return which stored changes are gone from the file; `None` if none are known to be.

        Raises: StoreCorruptError: it is damaged.
        """
        mark = read_mark(self.path)  # first: a writer notes a change after it was committed
        if mark is None:
            return None
        with self.reading() as connection:
            return setback(mark, read_change(connection))

    def manifest(self) -> Manifest | None:
        """Return the manifest of the vectors; `None` in a store that is still empty."""
        with self.reading() as connection:
            current = current_edition(connection)
        return current[1] if current else None

    def article(self, article_id: str) -> Article | None:
        """Return one article by its id, or by the id of an exact duplicate of it.

        Raises: ArticleDamagedError: it is not what was stored.
        """
        with self.reading() as connection:
            row = connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM {DATED_ARTICLES}"
                " WHERE number = (SELECT article FROM origin WHERE key = ?)",
                (article_id,),
            ).fetchone()
        return article_from_row(row) if row else None

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id; damaged ones are left out and noted in `withheld`."""
        with self.reading() as connection:
            rows = connection.execute("SELECT number FROM article ORDER BY id").fetchall()
            for (number,) in rows:
                article = whole_article(connection, number, self.withheld)
                if article is not None:
                    yield article

    def articles_by_number(
        self, numbers: Sequence[int], *, withheld: Withheld | None = None
    ) -> dict[int, Article]:
        """Return the articles with these numbers; numbers that are gone are left out.

        Damaged articles are left out too, and their ids noted in `withheld`.
        """
        noted = {} if withheld is None else withheld
        with self.reading() as connection:
            found = whole_articles(connection, numbers, noted)
        self.withheld |= noted
        return found

    def count(self) -> tuple[int, int]:
        """Return the number of articles and of chunks."""
        with self.reading() as connection:
            (articles,) = connection.execute("SELECT count(*) FROM article").fetchone()
            (chunks,) = connection.execute(
                "SELECT count(*) FROM chunk JOIN edition ON edition.number = chunk.edition"
                " WHERE current = 1"
            ).fetchone()
        return articles, chunks

    def problems(self) -> list[str]:
        """Return the problems of the file; none if all is well.

        Raises: StoreCorruptError: the file cannot be read completely.
        """
        with self.reading() as connection:
            return list(problems(connection))

    def is_dating_due(self) -> bool:
        """Tell whether inferred dates may have changed since they were last inferred."""
        with self.reading() as connection:
            (due,) = connection.execute(
                "SELECT generation.value IS NOT dated.value"
                f" AND (EXISTS (SELECT 1 FROM article WHERE {IS_UNDATED})"
                " OR EXISTS (SELECT 1 FROM inferred_date))"
                " FROM property AS generation LEFT JOIN property AS dated ON dated.name = 'dated'"
                " WHERE generation.name = 'generation'"
            ).fetchone()
        return bool(due)

    def inferring(self, version: int) -> Inferring:
        """Return what inferring dates starts from, if it is of this version."""
        with self.reading() as connection:
            return read_inferring(connection, version)

    def vectors_by_article(
        self, only: Collection[int] | None = None
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Yield blocks of chunk vectors, with the number of the article that each row belongs to.

        Articles come in ascending order, and a block holds only whole articles; `only` names them.
        """
        with self.reading() as connection, closing(connection.cursor()) as cursor:
            for condition, values in _in_parts(only):
                cursor.execute(
                    "SELECT chunk.article, vector FROM chunk"
                    " JOIN edition ON edition.number = +chunk.edition AND edition.current = 1"
                    " JOIN embedding ON embedding.number = chunk.embedding"
                    f" WHERE {condition} ORDER BY chunk.article, chunk.number",
                    values,
                )
                yield from _blocks(cursor)

    def chunk_numbers(self, only: ArticleFilter) -> NDArray[np.int64]:
        """Return the numbers of all chunks whose article passes the filter, ascending."""
        condition, values = filter_condition(only)
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT chunk.number FROM {DATED_ARTICLES}"
                " JOIN chunk ON chunk.article = article.number"
                " JOIN edition ON edition.number = chunk.edition AND edition.current = 1"
                f" WHERE {condition} ORDER BY chunk.number",
                values,
            ).fetchall()
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def published(self) -> DateRange | None:
        """Return the days between which the articles appeared; `None` if none has a date.

        Inferred dates do not count.
        """
        with self.reading() as connection:
            (first, last) = connection.execute(
                "SELECT min(coalesce(by_hand.first, article.first)),"
                f" max(coalesce(by_hand.last, article.last)) FROM {DATED_ARTICLES}"
            ).fetchone()
        return DateRange(date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def publication_days(self, only: ArticleFilter) -> list[DateRange]:
        """Return the different publication dates of the articles that pass a filter, in order."""
        condition, values = filter_condition(only)
        first, last = day_columns(only)
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT DISTINCT {first}, {last} FROM {DATED_ARTICLES}"
                f" WHERE {condition} AND {first} IS NOT NULL ORDER BY 1, 2",
                values,
            ).fetchall()
        return [DateRange(*map(date.fromisoformat, row)) for row in rows]

    def stored_chunks(
        self, numbers: Sequence[int], *, withheld: Withheld | None = None
    ) -> list[StoredChunk]:
        """Return chunks with their articles in the given order; chunks that are gone are left out.

        All come from one state of the store, so `chunk.text` stands in `article.text`. What is
        damaged is left out too, and the id of its article noted in `withheld`.
        """
        noted = {} if withheld is None else withheld
        found: dict[int, StoredChunk] = {}
        with self.reading() as connection:
            rows = list(_chunk_rows(connection, numbers))
            owners = list(dict.fromkeys(row[1] for row in rows))
            articles = whole_articles(connection, owners, noted)
        for number, owner, start, end, section, whole in rows:
            article = articles.get(owner)
            if article is not None and whole:
                chunk = Chunk(article.id, start, end, article.text[start:end], section)
                found[number] = StoredChunk(number, chunk, article)
            elif article is not None:
                noted[article.id] = None
        self.withheld |= noted
        return [found[number] for number in numbers if number in found]


def _chunk_rows(
    connection: sqlite3.Connection, numbers: Sequence[int]
) -> Iterator[tuple[int, int, int, int, str | None, int]]:
    """Yield number, article, start, end and heading of chunks, and whether all that is true."""
    for at in range(0, len(numbers), _ROWS_PER_QUERY):
        part = [int(number) for number in numbers[at : at + _ROWS_PER_QUERY]]
        yield from connection.execute(
            f'SELECT number, article, start, "end", section, {is_whole("chunk")} FROM chunk'
            f" WHERE number IN ({', '.join('?' * len(part))})",
            part,
        )


def _in_parts(numbers: Collection[int] | None) -> Iterator[tuple[str, list[int]]]:
    """Yield conditions that together let the chunks of some articles through; `None` is all."""
    if numbers is None:
        yield "true", []
        return
    ascending = sorted(numbers)
    for at in range(0, len(ascending), _ROWS_PER_QUERY):
        part = ascending[at : at + _ROWS_PER_QUERY]
        yield f"chunk.article IN ({', '.join('?' * len(part))})", part


def _blocks(cursor: sqlite3.Cursor) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Yield the rows of a cursor, number and vector, in blocks of whole articles."""
    rest: list[tuple[int, bytes]] = []
    while fetched := cursor.fetchmany(_VECTORS_PER_BLOCK):
        rows = rest + fetched
        rest = [row for row in rows if row[0] == rows[-1][0]]
        if len(rest) < len(rows):
            yield _block(rows[: len(rows) - len(rest)])
    if rest:
        yield _block(rest)


def _block(
    rows: Sequence[tuple[int, bytes]],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16)
    owners = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    return owners, vectors.reshape(len(rows), -1).astype(np.float32)
