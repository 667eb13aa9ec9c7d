"""Reading the catalog: the SQLite file that is the single source of truth."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.errors import StoreCorruptError, StoreError
from index_store.records import (
    Article,
    ArticleFilter,
    Chunk,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from index_store.schema import connect, explain_sqlite_errors

_ROWS_PER_QUERY = 900  # SQLite takes at most 32,766 parameters; short statements stay cached

ARTICLE_COLUMNS = (
    "article.id, title, text, first, last, precision, provenance, words, article.source,"
    " language, url, author, article.section,"
    " (SELECT group_concat(source, char(31)) FROM"
    "  (SELECT DISTINCT source FROM origin WHERE origin.article = article.number ORDER BY source))"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the vectors of a store were made with; equal manifests give equal vectors."""

    encoder: str
    weights_hash: str
    dimension: int
    chunking: str


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk, its article, and the number that the derived indexes know it by."""

    number: int
    chunk: Chunk
    article: Article


class Catalog:
    """Read access for any number of threads; every method sees committed state only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = [connect(path)]
        self._lock = threading.Lock()
        self._closed = False

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

    def manifest(self) -> Manifest | None:
        """Return what the vectors were made with; `None` in a store that is still empty."""
        with self.reading() as connection:
            current = current_edition(connection)
        return current[1] if current else None

    def article(self, article_id: str) -> Article | None:
        """Return one article by its id, or by the id of an exact duplicate of it."""
        with self.reading() as connection:
            row = connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM article"
                " WHERE number = (SELECT article FROM origin WHERE key = ?)",
                (article_id,),
            ).fetchone()
        return article_from_row(row) if row else None

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id."""
        with self.reading() as connection, closing(connection.cursor()) as cursor:
            cursor.execute(f"SELECT {ARTICLE_COLUMNS} FROM article ORDER BY id")
            for row in cursor:
                yield article_from_row(row)

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
        """Say what is wrong with the file; empty where nothing is.

        Raises:
            StoreCorruptError: the file cannot be read to its end.
        """
        with self.reading() as connection:
            return [
                *(
                    f"catalog: {problem}"
                    for (problem,) in connection.execute("PRAGMA integrity_check")
                    if problem != "ok"
                ),
                *(
                    f"catalog: row {row} of table {table} points nowhere"
                    for table, row, *_ in connection.execute("PRAGMA foreign_key_check")
                ),
                *(
                    f"embedding {number}: {size} bytes instead of {wanted}"
                    for number, size, wanted in connection.execute(
                        "SELECT embedding.number, length(vector), 2 * dimension FROM embedding"
                        " JOIN edition ON edition.number = embedding.edition"
                        " WHERE length(vector) != 2 * dimension"
                    )
                ),
                *_vector_problems(connection),
                *_article_problems(connection),
            ]

    def chunk_numbers(self, only: ArticleFilter) -> NDArray[np.int64]:
        """Return the numbers of all chunks whose article passes the filter, ascending."""
        condition, values = _condition(only)
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT chunk.number FROM article"
                " JOIN chunk ON chunk.article = article.number"
                " JOIN edition ON edition.number = chunk.edition AND edition.current = 1"
                f" WHERE {condition} ORDER BY chunk.number",
                values,
            ).fetchall()
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def published(self) -> DateRange | None:
        """Return the days between which the articles appeared; `None` if none has a date."""
        with self.reading() as connection:
            (first, last) = connection.execute(
                "SELECT min(first), max(last) FROM article"
            ).fetchone()
        return DateRange(date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def stored_chunks(self, numbers: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their articles in the order asked; those that are gone are left out.

        All come from one state of the store, so `chunk.text` stands in `article.text`.
        """
        found: dict[int, StoredChunk] = {}
        articles: dict[int, Article] = {}
        with self.reading() as connection:
            for number, owner, start, end, section in _select_in(
                connection,
                'SELECT number, article, start, "end", section FROM chunk WHERE number IN ({})',
                numbers,
            ):
                if owner not in articles:
                    articles[owner] = article_from_row(
                        connection.execute(
                            f"SELECT {ARTICLE_COLUMNS} FROM article WHERE number = ?",
                            (owner,),
                        ).fetchone()
                    )
                article = articles[owner]
                chunk = Chunk(article.id, start, end, article.text[start:end], section)
                found[number] = StoredChunk(number, chunk, article)
        return [found[number] for number in numbers if number in found]


def read_generation(connection: sqlite3.Connection) -> int:
    """Return the number of the last committed change, in the transaction that is open."""
    row = connection.execute("SELECT value FROM property WHERE name = 'generation'").fetchone()
    if row is None or not row[0].isdecimal():
        raise StoreCorruptError(
            "the catalog does not tell its generation: it is damaged. Put back a copy of the file, "
            "or move the folder away and ingest the articles again"
        )
    return int(row[0])


def current_edition(connection: sqlite3.Connection) -> tuple[int, Manifest] | None:
    """Return number and manifest of the edition in use."""
    row = connection.execute(
        "SELECT number, encoder, weights_hash, dimension, chunking FROM edition WHERE current = 1"
    ).fetchone()
    return (row[0], Manifest(*row[1:])) if row else None


def article_from_row(row: tuple[Any, ...]) -> Article:
    """Make the record from the columns of `ARTICLE_COLUMNS`."""
    identifier, title, text, first, last, precision, provenance, words, source, *rest = row
    language, url, author, section, sources = rest
    try:
        published = PublicationDate(
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
            Precision(precision),
            Provenance(provenance),
            words,
        )
    except ValueError as error:
        raise StoreCorruptError(
            f"the catalog is damaged: the date of article {identifier!r} is none ({error}); "
            "ingest that article again, or put back a copy of the store"
        ) from error
    others = tuple(name for name in (sources or "").split("\x1f") if name and name != source)
    return Article(
        identifier, title, text, published, source, language, url, author, section, others
    )


def _vector_problems(connection: sqlite3.Connection) -> Iterator[str]:
    # SQLite itself cannot tell a flipped bit in a value from another value.
    connection.create_function("crc32", 1, zlib.crc32, deterministic=True)
    for (number,) in connection.execute(
        "SELECT number FROM embedding WHERE crc32(vector) != checksum"
    ):
        yield f"embedding {number}: the checksum does not match"


def _article_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Hold every article against its hash, and against the chunks that it is searched by."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for owner, start, end in connection.execute(
        'SELECT article, start, "end" FROM chunk JOIN edition ON edition.number = edition'
        " WHERE current = 1 ORDER BY article, start"
    ):
        spans.setdefault(owner, []).append((start, end))
    for owner, content_hash, *row in connection.execute(
        f"SELECT article.number, content_hash, {ARTICLE_COLUMNS} FROM article ORDER BY id"
    ):
        article = article_from_row(tuple(row))
        if article.content_hash != content_hash:
            yield f"article {article.id!r}: the stored text is not what was ingested"
        reached = 0
        for start, end in [*spans.get(owner, []), (len(article.text), len(article.text))]:
            if not 0 <= start <= end <= len(article.text):
                yield f"article {article.id!r}: a chunk lies outside its text"
            elif article.text[reached:start].strip():
                yield f"article {article.id!r}: a part of its text is in no chunk"
            reached = max(reached, end)


def _select_in(
    connection: sqlite3.Connection, statement: str, values: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    """Run a statement with `IN ({})` for any number of values."""
    for at in range(0, len(values), _ROWS_PER_QUERY):
        part = [int(value) for value in values[at : at + _ROWS_PER_QUERY]]
        yield from connection.execute(statement.format(", ".join("?" * len(part))), part)


def _condition(only: ArticleFilter) -> tuple[str, list[str]]:
    """Return the SQL condition on `article` that a filter stands for, with its values."""
    parts, values = _in_time(only)
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
    return " AND ".join(parts), values


def _in_time(only: ArticleFilter) -> tuple[list[str], list[str]]:
    """Return the conditions on the date of publication, with their values."""
    parts, values = ["1"], []
    if only.as_of is not None:
        parts.append("last <= ?")  # an unknown date is not known to be earlier
        values.append(only.as_of.isoformat())
    if only.published is not None:
        inside = ["first IS NOT NULL"]
        if not only.include_inferred:
            inside.append("provenance != 'inferred'")
        if only.published.last:
            inside.append("first <= ?")
            values.append(only.published.last.isoformat())
        if only.published.first:
            inside.append("last >= ?")
            values.append(only.published.first.isoformat())
        undated = " OR first IS NULL" if only.include_undated else ""
        parts.append(f"({' AND '.join(inside)}{undated})")
    return parts, values
