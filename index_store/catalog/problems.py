"""Finds what is wrong with a catalog: compares every row with the data that it was made of."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator

from index_store.catalog.seals import damaged_rows
from index_store.catalog.soundness import own_tables, tables_of
from index_store.catalog.whole_articles import Withheld, whole_article

# What a table says of an article, in words.
_TOLD = {
    "date_by_hand": "its date set by hand is damaged",
    "inferred_date": "its inferred date is damaged",
}


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield a description of each problem."""
    for (problem,) in connection.execute("PRAGMA integrity_check"):
        if problem != "ok":
            yield f"catalog: {problem}"
    if tables_of(connection) != own_tables():
        yield "catalog: its tables are not made as those of a catalog are"
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield f"catalog: row {row} of table {table} points nowhere"
    for number, size, wanted in connection.execute(
        "SELECT embedding.number, length(vector), 2 * dimension FROM embedding"
        " JOIN edition ON edition.number = embedding.edition WHERE length(vector) != 2 * dimension"
    ):
        yield f"embedding {number}: {size} bytes instead of {wanted}"
    yield from _of_lost(connection)
    yield from _of_vectors(connection)
    yield from _of_seals(connection)
    yield from _of_articles(connection)
    yield from _of_evidence(connection)


def damaged_vectors(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of embeddings whose vector is not what was stored."""
    # SQLite itself cannot tell a flipped bit in a value from another value.
    connection.create_function("crc32", 1, zlib.crc32, deterministic=True)
    rows = connection.execute("SELECT number FROM embedding WHERE crc32(vector) != checksum")
    return [number for (number,) in rows]


def _of_vectors(connection: sqlite3.Connection) -> Iterator[str]:
    for number in damaged_vectors(connection):
        yield f"embedding {number}: the checksum does not match"


def _of_lost(connection: sqlite3.Connection) -> Iterator[str]:
    """Name what a repair had to give up, and an archive whose vectors are in no use."""
    for key, path in connection.execute("SELECT key, path FROM lost ORDER BY key"):
        yield f"article {key!r} is lost: ingest it again from {path or 'its source'}"
    (count,) = connection.execute("SELECT count(*) FROM article").fetchone()
    if count and not connection.execute("SELECT 1 FROM edition WHERE current = 1").fetchone():
        yield "catalog: it does not tell which vectors are in use"


def _of_seals(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare every row, but those of articles, with its seal."""
    for number in damaged_rows(connection, "edition"):
        yield f"edition {number}: what it says of the encoder is damaged"
    for key in damaged_rows(connection, "origin"):
        yield f"article {key!r}: what is known of its place is damaged"
    for number in damaged_rows(connection, "chunk"):
        yield f"chunk {number}: it is not what was stored"
    for table, told in _TOLD.items():
        for number in damaged_rows(connection, table):
            row = connection.execute("SELECT id FROM article WHERE number = ?", (number,))
            name = next((repr(each) for (each,) in row), f"number {number}")
            yield f"article {name}: {told}"


def misplaced_articles(connection: sqlite3.Connection) -> dict[int, str]:
    """Return what is wrong with the chunks of articles, by the number of the article."""
    return dict(_of_chunks(connection, {}))


def _of_articles(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare every article with its seal, its hash and its chunks."""
    withheld: Withheld = {}
    for number, problem in _of_chunks(connection, withheld):
        (name,) = connection.execute(
            "SELECT id FROM article WHERE number = ?", (number,)
        ).fetchone()
        yield f"article {name!r}: {problem}"
    for article_id in withheld:
        yield f"article {article_id!r}: it is not what was ingested, and is not shown"


def _of_chunks(connection: sqlite3.Connection, withheld: Withheld) -> Iterator[tuple[int, str]]:
    """Compare every article with its chunks; note the damaged ones in `withheld`."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for owner, start, end in connection.execute(
        'SELECT article, start, "end" FROM chunk JOIN edition ON edition.number = edition'
        " WHERE current = 1 ORDER BY article, start"
    ):
        spans.setdefault(owner, []).append((start, end))
    for (owner,) in connection.execute("SELECT number FROM article ORDER BY number").fetchall():
        article = whole_article(connection, owner, withheld)
        if article is None:
            continue
        reached = 0
        for start, end in [*spans.get(owner, []), (len(article.text), len(article.text))]:
            if not 0 <= start <= end <= len(article.text):
                yield owner, "a chunk lies outside its text"
            elif article.text[reached:start].strip():
                yield owner, "a part of its text is in no chunk"
            reached = max(reached, end)


def _of_evidence(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare every quote that supports an inferred date with the article that it comes from."""
    for number, owner in connection.execute(
        "SELECT number, id FROM article"
        " JOIN inferred_date ON inferred_date.article = article.number"
        " WHERE inferred_date.first IS NOT NULL ORDER BY id"
    ).fetchall():
        article = whole_article(connection, number, {})
        for each in article.published.evidence if article else ():
            text = connection.execute(
                "SELECT text FROM article WHERE id = ?", (each.article_id,)
            ).fetchone()
            if text is None or text[0][each.start : each.end] != each.quote:
                yield f"article {owner!r}: evidence for its date is no quote of {each.article_id!r}"
