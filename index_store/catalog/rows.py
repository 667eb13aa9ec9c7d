"""Rows of the catalog: puts and removes articles with their places, chunks and vectors.

The caller of each function has begun a transaction.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.article_rows import evidence_to_json
from index_store.catalog.seals import seal
from index_store.records import Article, Chunk, PublicationDate

# SQL: the chunks of one article in one edition. The plus keeps SQLite from the index over editions:
# as long as a file has no statistics, it would look through all chunks for those of each article.
CHUNKS_OF_ARTICLE = "chunk.article = ? AND +chunk.edition = ?"


@dataclass(frozen=True, slots=True)
class Origin:
    """A place where an article was found.

    `key` is the id that the place gives the article, and `path` the file (empty for a stream).
    `record_hash` changes with anything that the place says. `extractor` names the program that took
    the text out of a page, and its version.
    """

    key: str
    source: str
    path: str
    record_hash: str
    extractor: str | None = None


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article ready to be stored: its chunks, and for each the text given to the encoder."""

    article: Article
    origin: Origin
    chunks: tuple[Chunk, ...]
    inputs: tuple[str, ...]


def input_hash(text: str) -> bytes:
    """Return the key (32 bytes) of the embedding of this encoder input."""
    return hashlib.sha256(text.encode()).digest()


def detach(connection: sqlite3.Connection, key: str) -> None:
    """Take a place away from its article.

    If the article was found elsewhere too, it continues under the first other key; otherwise it is
    removed.
    """
    row = connection.execute("SELECT article FROM origin WHERE key = ?", (key,)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM origin WHERE key = ?", (key,))
        _settle(connection, row)


def attach(
    connection: sqlite3.Connection, copies: Sequence[tuple[Origin, str]]
) -> list[tuple[Origin, str]]:
    """Record places of articles that are stored, by content hash; return the places of all others.

    All places are moved before any article is taken away, so places may swap their articles.
    """
    unknown, left = [], []
    for origin, content_hash in copies:
        found = connection.execute(
            "SELECT number FROM article WHERE content_hash = ? ORDER BY id LIMIT 1",
            (content_hash,),
        ).fetchone()
        if found is None:
            unknown.append((origin, content_hash))
            continue
        left += connection.execute(
            "SELECT article FROM origin WHERE key = ?", (origin.key,)
        ).fetchall()
        put_origin(connection, origin, found[0])
    _settle(connection, dict.fromkeys(number for (number,) in left))
    return unknown


def _settle(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Rename articles that lost the place they were named after, or remove those without a place.

    All old ids are freed before new ids are given, because two articles may swap ids.
    """
    heirs = []
    for number in numbers:
        (article_id,) = connection.execute(
            "SELECT id FROM article WHERE number = ?", (number,)
        ).fetchone()
        heir = connection.execute(
            "SELECT key, source FROM origin WHERE article = ? ORDER BY key != ?, key LIMIT 1",
            (number, article_id),
        ).fetchone()
        if heir is None:
            connection.execute("DELETE FROM article WHERE number = ?", (number,))
        elif heir[0] != article_id:
            connection.execute(
                "UPDATE article SET id = char(0) || number WHERE number = ?", (number,)
            )
            heirs.append((number, *heir))
    for number, key, source in heirs:
        connection.execute(
            "UPDATE article SET id = ?, source = ? WHERE number = ?", (key, source, number)
        )
        seal(connection, "article", "number = ?", (number,))
        # The rest of the record was what the other place said: read the heir again next time.
        connection.execute("UPDATE origin SET record_hash = '' WHERE key = ?", (key,))
        seal(connection, "origin", "key = ?", (key,))


def put_article(connection: sqlite3.Connection, article: Article, origin: Origin) -> int:
    """Insert or replace the row of an article and of its place; return its number."""
    row = connection.execute(
        "SELECT number, content_hash, (SELECT count(*) FROM origin WHERE article = number),"
        " language FROM article WHERE id = ?",
        (article.id,),
    ).fetchone()
    by_hand = None
    if row is None or (row[1] != article.content_hash and row[2] > 1):
        # New here, or it changed while its copies elsewhere did not: those keep the old text.
        by_hand = connection.execute(
            "SELECT first, last, precision, words FROM date_by_hand"
            " WHERE article = (SELECT article FROM origin WHERE key = ?)",
            (article.id,),
        ).fetchone()
        detach(connection, article.id)
        row = None
    published = article.stated
    values = (
        article.title,
        article.text,
        *_days(published),
        published.precision.value,
        published.provenance.value,
        published.words,
        article.source,
        article.language,
        article.url,
        article.author,
        article.section,
        article.content_hash,
    )
    columns = (
        "title, text, first, last, precision, provenance, words, source, language, url, author,"
        " section, content_hash"
    )
    marks = ", ".join("?" * len(values))
    if row is None:
        number = connection.execute(
            f"INSERT INTO article (id, {columns}) VALUES (?, {marks})", (article.id, *values)
        ).lastrowid
    else:
        number = row[0]
        if (row[1], row[3]) != (article.content_hash, article.language):
            # In every edition: one that is being prepared must not keep slices of the old text,
            # and the indexed words depend on the language.
            connection.execute("DELETE FROM chunk WHERE article = ?", (number,))
        connection.execute(
            f"UPDATE article SET ({columns}) = ({marks}) WHERE number = ?", (*values, number)
        )
    assert number is not None  # noqa: S101 - an INSERT always has one
    seal(connection, "article", "number = ?", (number,))
    if by_hand:
        _put_by_hand(connection, (number, *by_hand))
    put_origin(connection, origin, number)
    return int(number)


def put_date_by_hand(
    connection: sqlite3.Connection, number: int, published: PublicationDate | None
) -> None:
    """Set the date of the article with this number by hand, or remove the date set by hand."""
    connection.execute("DELETE FROM date_by_hand WHERE article = ?", (number,))
    if published is not None:
        _put_by_hand(
            connection, (number, *_days(published), published.precision.value, published.words)
        )


def _put_by_hand(connection: sqlite3.Connection, row: tuple[object, ...]) -> None:
    connection.execute(
        "INSERT INTO date_by_hand (article, first, last, precision, words) VALUES (?, ?, ?, ?, ?)",
        row,
    )
    seal(connection, "date_by_hand", "article = ?", row[:1])


def put_inferred_date(
    connection: sqlite3.Connection, number: int, inputs: bytes, published: PublicationDate
) -> None:
    """Keep the inferred date of an article, also an unknown one, with its evidence."""
    known = published.first is not None
    connection.execute(
        "INSERT INTO inferred_date (article, inputs, first, last, precision, score, evidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            inputs,
            *_days(published),
            published.precision.value if known else None,
            published.score,
            evidence_to_json(published.evidence) if known else None,
        ),
    )
    seal(connection, "inferred_date", "article = ?", (number,))
    connection.execute("INSERT INTO quoted_article VALUES (?, ?)", (number, number))
    for article_id in {each.article_id for each in published.evidence}:
        connection.execute(
            "INSERT OR IGNORE INTO quoted_article SELECT ?, number FROM article WHERE id = ?",
            (number, article_id),
        )


def _days(published: PublicationDate) -> tuple[str | None, str | None]:
    first, last = published.first, published.last
    return first.isoformat() if first else None, last.isoformat() if last else None


def put_origin(connection: sqlite3.Connection, origin: Origin, number: int) -> None:
    """Record that the article with this number was found at this place."""
    connection.execute(
        "INSERT OR REPLACE INTO origin (key, article, source, path, record_hash, extractor)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            origin.key,
            number,
            origin.source,
            origin.path,
            origin.record_hash,
            origin.extractor,
        ),
    )
    seal(connection, "origin", "key = ?", (origin.key,))
    _find_again(connection, origin.key, number)


def _find_again(connection: sqlite3.Connection, key: str, number: int) -> None:
    """Give an article that was lost at this place its date set by hand again."""
    row = connection.execute(
        "SELECT first, last, precision, words FROM lost WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return
    connection.execute("DELETE FROM lost WHERE key = ?", (key,))
    dated = connection.execute("SELECT 1 FROM date_by_hand WHERE article = ?", (number,))
    if row[0] is not None and dated.fetchone() is None:
        _put_by_hand(connection, (number, *row))


def _put_vector(
    connection: sqlite3.Connection, edition: int, key: bytes, vector: NDArray[np.float32]
) -> int | None:
    data = vector.astype(np.float16).tobytes()
    return connection.execute(
        "INSERT INTO embedding (edition, input_hash, vector, checksum) VALUES (?, ?, ?, ?)",
        (edition, key, data, zlib.crc32(data)),
    ).lastrowid


def put_chunks(
    connection: sqlite3.Connection,
    edition: int,
    number: int,
    item: IndexedArticle,
    vectors: Mapping[str, NDArray[np.float32]],
) -> None:
    """Replace the chunks of an article, storing embeddings that are new (float16).

    Chunks that are equal keep their numbers, so the derived indexes have no work with them.
    """
    wanted = [
        (chunk.start, chunk.end, chunk.section, input_hash(text))
        for chunk, text in zip(item.chunks, item.inputs, strict=True)
    ]
    present = connection.execute(
        'SELECT start, "end", section, input_hash FROM chunk'
        " JOIN embedding ON embedding.number = chunk.embedding"
        f" WHERE {CHUNKS_OF_ARTICLE} ORDER BY chunk.number",
        (number, edition),
    ).fetchall()
    if present == wanted:
        return
    connection.execute(f"DELETE FROM chunk WHERE {CHUNKS_OF_ARTICLE}", (number, edition))
    for (start, end, section, key), text in zip(wanted, item.inputs, strict=True):
        row = connection.execute(
            "SELECT number FROM embedding WHERE edition = ? AND input_hash = ?", (edition, key)
        ).fetchone()
        embedding = row[0] if row else _put_vector(connection, edition, key, vectors[text])
        connection.execute(
            'INSERT INTO chunk (edition, article, start, "end", section, embedding)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            (edition, number, start, end, section, embedding),
        )
    seal(connection, "chunk", CHUNKS_OF_ARTICLE, (number, edition))
