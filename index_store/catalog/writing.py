"""Changes the catalog: every method is one transaction, and leaves only complete articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.article_rows import ARTICLE_COLUMNS, DATED_ARTICLES, article_from_row
from index_store.catalog.change_mark import ChangeMark, known_change
from index_store.catalog.nearest import Inferred, keep_inferred
from index_store.catalog.rows import (
    IndexedArticle,
    Origin,
    attach,
    detach,
    input_hash,
    put_article,
    put_chunks,
    put_date_by_hand,
    put_inferred_date,
)
from index_store.catalog.schema import connect, explain_sqlite_errors
from index_store.catalog.seals import seal
from index_store.catalog.state import current_edition, renew_state
from index_store.catalog.touched import TouchedChunks, state_of
from index_store.records import Article, Manifest, PublicationDate

# How long writing back the log waits for readers: a moment, because the next writer does it too.
_PATIENCE_MILLISECONDS = 100
_TIMEOUT_MILLISECONDS = 30_000


class CatalogWriter:
    """The one writer; the caller holds the writer lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = connect(path)
        self._mark = ChangeMark(path, self._connection)
        self.touched = TouchedChunks(self._connection)

    def close(self) -> None:
        """Fold the write-ahead log into the file and close."""
        with explain_sqlite_errors(self.path):
            try:
                # Refreshes the planner's statistics where they are missing or out of date.
                self._connection.execute("PRAGMA optimize")
                self.fold()
            finally:
                self._mark.close()
                self._connection.close()

    def fold(self) -> None:
        """Write the log back into the file and empty it, unless readers hold on to it.

        SQLite leaves out a damaged log in silence; rows in the file are sealed.
        """
        with suppress(sqlite3.OperationalError):  # a full disk: all is in the log still
            self._connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MILLISECONDS}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.execute(f"PRAGMA busy_timeout = {_TIMEOUT_MILLISECONDS}")

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction, which counts as one change of the store."""
        with self._in_transaction() as connection:
            before = state_of(connection)
            yield connection
            renew_state(connection)
            state = state_of(connection)
        self.touched.reached(before, state)

    @contextmanager
    def _in_transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        with explain_sqlite_errors(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                change = known_change(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite has rolled back itself if the disk is full
                    connection.execute("ROLLBACK")
                raise
        self._mark.note(change)

    # -- editions -------------------------------------------------------------------------

    def prepare_edition(self, manifest: Manifest) -> int:
        """Return the number of the edition with this manifest; make the edition if it is missing.

        The first edition of a store is current at once. A later edition is prepared beside the
        current one until `finish_edition`. Editions left by other attempts are dropped.
        """
        with explain_sqlite_errors(self.path):
            current = current_edition(self._connection)
            if current and current[1] == manifest:
                return current[0]
            row = self._connection.execute(
                "SELECT number FROM edition WHERE current = 0 AND (encoder, weights_hash,"
                " dimension, chunking) = (?, ?, ?, ?)",
                _manifest_values(manifest),
            ).fetchone()
        if row:
            return int(row[0])
        with self._changing() as connection:
            connection.execute("DELETE FROM edition WHERE current = 0")
            number = connection.execute(
                "INSERT INTO edition (encoder, weights_hash, dimension, chunking, current)"
                " VALUES (?, ?, ?, ?, ?)",
                (*_manifest_values(manifest), int(current is None)),
            ).lastrowid
            assert number is not None  # noqa: S101 - an INSERT always has one
            seal(connection, "edition", "number = ?", (number,))
            if current and current[1].weights_hash == manifest.weights_hash:
                # Same encoder, other chunks: whatever reads the same is not encoded again.
                connection.execute(
                    "INSERT INTO embedding (edition, input_hash, vector, checksum)"
                    " SELECT ?, input_hash, vector, checksum FROM embedding WHERE edition = ?",
                    (number, current[0]),
                )
        return number

    def articles_missing_from(self, edition: int) -> Iterator[Article]:
        """Yield the articles that have no chunks in this edition, reading one at a time."""
        with explain_sqlite_errors(self.path):
            numbers = self._connection.execute(
                "SELECT number FROM article WHERE NOT EXISTS (SELECT 1 FROM chunk"
                " WHERE chunk.article = article.number AND +chunk.edition = ?) ORDER BY id",
                (edition,),
            ).fetchall()
            for (number,) in numbers:
                yield article_from_row(
                    self._connection.execute(
                        f"SELECT {ARTICLE_COLUMNS} FROM {DATED_ARTICLES} WHERE number = ?",
                        (number,),
                    ).fetchone()
                )

    def finish_edition(self, edition: int) -> None:
        """Make the edition the current one and drop all others."""
        with self._changing() as connection:
            connection.execute("UPDATE edition SET current = 0 WHERE number != ?", (edition,))
            connection.execute("UPDATE edition SET current = 1 WHERE number = ?", (edition,))
            connection.execute("DELETE FROM edition WHERE number != ?", (edition,))

    # -- articles -------------------------------------------------------------------------

    def origin(self, key: str) -> tuple[Origin, str] | None:
        """Return the record of a place and the id of the article found there."""
        with explain_sqlite_errors(self.path):
            row = self._connection.execute(
                "SELECT key, origin.source, path, record_hash, extractor, article.id FROM origin"
                " JOIN article ON article.number = origin.article WHERE key = ?",
                (key,),
            ).fetchone()
        return (Origin(*row[:5]), row[5]) if row else None

    def article_at(self, key: str) -> Article | None:
        """Return the article that was found at a place, if any."""
        with explain_sqlite_errors(self.path):
            row = self._connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM {DATED_ARTICLES}"
                " WHERE number = (SELECT article FROM origin WHERE key = ?)",
                (key,),
            ).fetchone()
        return article_from_row(row) if row else None

    def twin(self, article: Article) -> str | None:
        """Return the id of a stored article with the same title, text and date, if any."""
        with explain_sqlite_errors(self.path):
            row = self._connection.execute(
                "SELECT id FROM article WHERE content_hash = ? AND id != ? ORDER BY id LIMIT 1",
                (article.content_hash, article.id),
            ).fetchone()
        return row[0] if row else None

    def keys_by_path(self) -> Iterator[tuple[str, str]]:
        """Yield key and path of every origin that is a file."""
        with explain_sqlite_errors(self.path):
            rows = self._connection.execute(
                "SELECT key, path FROM origin WHERE path != '' ORDER BY path, key"
            ).fetchall()
        yield from rows

    def missing_inputs(self, edition: int, inputs: Iterable[str]) -> list[str]:
        """Return the encoder inputs that have no embedding yet, each once, in order."""
        known = "SELECT 1 FROM embedding WHERE edition = ? AND input_hash = ?"
        with explain_sqlite_errors(self.path):
            return [
                text
                for text in dict.fromkeys(inputs)
                if not self._connection.execute(known, (edition, input_hash(text))).fetchone()
            ]

    def store(
        self,
        edition: int,
        batch: Sequence[IndexedArticle],
        vectors: Mapping[str, NDArray[np.float32]],
        *,
        copies: Sequence[tuple[Origin, str]] = (),
    ) -> None:
        """Store a batch of articles; they replace the articles that were stored under their keys.

        `vectors` holds the embedding of each encoder input that the catalog lacks. `copies` are
        further places of articles of the store or of this batch: pairs of place and content hash.
        """
        with self._changing() as connection:
            # Before the batch, which may put other text under the id of the article meant.
            unknown = attach(connection, copies)
            for item in batch:
                number = put_article(connection, item.article, item.origin)
                put_chunks(connection, edition, number, item, vectors)
            attach(connection, unknown)

    def attach(self, copies: Sequence[tuple[Origin, str]]) -> None:
        """Record further places of stored articles, as pairs of place and content hash."""
        with self._changing() as connection:
            attach(connection, copies)

    def store_chunks(
        self,
        edition: int,
        batch: Sequence[IndexedArticle],
        vectors: Mapping[str, NDArray[np.float32]],
    ) -> None:
        """Add the chunks of stored articles to an edition in preparation."""
        with self._changing() as connection:
            for item in batch:
                (number,) = connection.execute(
                    "SELECT number FROM article WHERE id = ?", (item.article.id,)
                ).fetchone()
                put_chunks(connection, edition, number, item, vectors)

    def remove(self, keys: Sequence[str]) -> int:
        """Forget these places; remove articles that have no place left, and return how many."""
        with self._changing() as connection:
            (before,) = connection.execute("SELECT count(*) FROM article").fetchone()
            for key in keys:
                detach(connection, key)
            (after,) = connection.execute("SELECT count(*) FROM article").fetchone()
        return int(before - after)

    def remove_article(self, article_id: str) -> bool:
        """Remove an article with all its places, lost or not; tell whether it was there."""
        with self._changing() as connection:
            removed = connection.execute(
                "DELETE FROM article WHERE number = (SELECT article FROM origin WHERE key = ?)",
                (article_id,),
            ).rowcount
            removed += connection.execute("DELETE FROM lost WHERE key = ?", (article_id,)).rowcount
        return removed > 0

    # -- dates ----------------------------------------------------------------------------

    def set_date(self, article_id: str, published: PublicationDate | None) -> bool:
        """Set a date by hand, or remove it again; tell whether the article exists."""
        with self._changing() as connection:
            row = connection.execute(
                "SELECT article FROM origin WHERE key = ?", (article_id,)
            ).fetchone()
            if row is not None:
                put_date_by_hand(connection, row[0], published)
        return row is not None

    def store_inferred(
        self,
        inferred: Mapping[int, tuple[bytes, PublicationDate]],
        undated: Collection[int],
        kept: Inferred | None = None,
    ) -> None:
        """Keep inferred dates by article number, each with the hash of the weighed evidence.

        Inferred dates of articles that are no longer `undated` are forgotten. All this counts as
        one change of the store, or as none if there is nothing to keep or forget. `kept` is what
        the next inference starts from.
        """
        with self._in_transaction() as connection:
            present = connection.execute("SELECT article FROM inferred_date").fetchall()
            gone = sorted({number for (number,) in present}.difference(undated))
            for number in (*gone, *inferred):
                connection.execute("DELETE FROM inferred_date WHERE article = ?", (number,))
            for number, (inputs, published) in inferred.items():
                put_inferred_date(connection, number, inputs, published)
            if inferred or gone:
                renew_state(connection)
            if kept is not None:
                keep_inferred(connection, kept)
            connection.execute(
                "INSERT OR REPLACE INTO property SELECT 'dated', value FROM property"
                " WHERE name = 'generation'"
            )

    def tidy(self) -> None:
        """Forget the vectors of text that is gone; vectors of an edition in preparation stay."""
        with explain_sqlite_errors(self.path):
            # Counting takes a tenth of the time of looking for each vector whether it is used.
            (are_all_used,) = self._connection.execute(
                "SELECT (SELECT count(*) FROM embedding)"
                " = (SELECT count(DISTINCT embedding) FROM chunk)"
            ).fetchone()
            if are_all_used:
                return
            self._connection.execute(
                "DELETE FROM embedding"
                " WHERE edition = (SELECT number FROM edition WHERE current = 1)"
                " AND NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.embedding = embedding.number)"
            )


def _manifest_values(manifest: Manifest) -> tuple[str, str, int, str]:
    return manifest.encoder, manifest.weights_hash, manifest.dimension, manifest.chunking
