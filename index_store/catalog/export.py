"""Articles with all that the catalog knows of them, read one at a time to be kept elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from index_store.catalog.article_rows import ARTICLE_COLUMNS, DATED_ARTICLES, article_from_row
from index_store.catalog.reading import Catalog
from index_store.catalog.rows import Origin
from index_store.records import Article


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article, the places where it was found, and its vectors.

    `vectors` pairs the hash of the encoder's input with the embedding (float16 bytes) of each
    chunk; it is empty unless it was asked for.
    """

    article: Article
    origins: tuple[Origin, ...]
    vectors: tuple[tuple[bytes, bytes], ...] = ()


def placed_articles(catalog: Catalog, *, vectors: bool = False) -> Iterator[PlacedArticle]:
    """Yield all articles of one state of the catalog, by id."""
    with catalog.reading() as connection:
        numbers = connection.execute("SELECT number FROM article ORDER BY id").fetchall()
        for (number,) in numbers:
            row = connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM {DATED_ARTICLES} WHERE number = ?", (number,)
            ).fetchone()
            origins = connection.execute(
                "SELECT key, source, path, record_hash, extractor FROM origin"
                " WHERE article = ? ORDER BY key",
                (number,),
            ).fetchall()
            kept = _vectors(connection, number) if vectors else ()
            yield PlacedArticle(
                article_from_row(row), tuple(Origin(*each) for each in origins), kept
            )


def _vectors(connection: sqlite3.Connection, number: int) -> tuple[tuple[bytes, bytes], ...]:
    rows = connection.execute(
        "SELECT input_hash, vector FROM chunk"
        " JOIN embedding ON embedding.number = chunk.embedding"
        " JOIN edition ON edition.number = +chunk.edition AND edition.current = 1"
        " WHERE chunk.article = ? ORDER BY chunk.number",
        (number,),
    )
    return tuple(rows)
