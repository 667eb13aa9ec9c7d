"""Finds what is wrong with a catalog: compares every row with the data that it was made of."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator

from index_store.catalog.article_rows import ARTICLE_COLUMNS, DATED_ARTICLES, article_from_row


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield a description of each problem."""
    for (problem,) in connection.execute("PRAGMA integrity_check"):
        if problem != "ok":
            yield f"catalog: {problem}"
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield f"catalog: row {row} of table {table} points nowhere"
    for number, size, wanted in connection.execute(
        "SELECT embedding.number, length(vector), 2 * dimension FROM embedding"
        " JOIN edition ON edition.number = embedding.edition WHERE length(vector) != 2 * dimension"
    ):
        yield f"embedding {number}: {size} bytes instead of {wanted}"
    yield from _of_vectors(connection)
    yield from _of_articles(connection)
    yield from _of_evidence(connection)


def _of_vectors(connection: sqlite3.Connection) -> Iterator[str]:
    # SQLite itself cannot tell a flipped bit in a value from another value.
    connection.create_function("crc32", 1, zlib.crc32, deterministic=True)
    for (number,) in connection.execute(
        "SELECT number FROM embedding WHERE crc32(vector) != checksum"
    ):
        yield f"embedding {number}: the checksum does not match"


def _of_articles(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare every article with its hash and with its chunks."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for owner, start, end in connection.execute(
        'SELECT article, start, "end" FROM chunk JOIN edition ON edition.number = edition'
        " WHERE current = 1 ORDER BY article, start"
    ):
        spans.setdefault(owner, []).append((start, end))
    for owner, content_hash, *row in connection.execute(
        f"SELECT article.number, content_hash, {ARTICLE_COLUMNS} FROM {DATED_ARTICLES} ORDER BY id"
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


def _of_evidence(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare every quote that supports an inferred date with the article that it comes from."""
    for (owner,) in connection.execute(
        "SELECT id FROM article JOIN inferred_date ON inferred_date.article = article.number"
        " WHERE inferred_date.first IS NOT NULL ORDER BY id"
    ):
        row = connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM {DATED_ARTICLES} WHERE id = ?", (owner,)
        ).fetchone()
        for each in article_from_row(row).published.evidence:
            text = connection.execute(
                "SELECT text FROM article WHERE id = ?", (each.article_id,)
            ).fetchone()
            if text is None or text[0][each.start : each.end] != each.quote:
                yield f"article {owner!r}: evidence for its date is no quote of {each.article_id!r}"
