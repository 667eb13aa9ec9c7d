"""Storing prepared articles in one edition of a store: a batch is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.rows import IndexedArticle, Origin
from index_store.store import IndexWriter
from qa.ingest.disk_space import DiskSpace
from qa.ingest.preparation import Preparation
from qa.ingest.sources import ArticleSource

# One batch is one transaction: what a kill can cost. Large enough for the encoder to sort by
# length, small enough to be seconds of work.
BATCH_CHUNKS = 256
BATCH_ARTICLES = 1000


class Indexer:
    """Keeps articles in one edition of a store, which one preparation made."""

    def __init__(
        self, writer: IndexWriter, preparation: Preparation, source: ArticleSource | None = None
    ) -> None:
        self.preparation = preparation
        self._catalog = writer.catalog
        self._space = DiskSpace(writer.catalog, preparation.manifest.dimension, source)
        self._edition = self._catalog.prepare_edition(preparation.manifest)

    def missing_inputs(self, batch: Sequence[IndexedArticle]) -> list[str]:
        """Return the encoder inputs of a batch whose vectors the store does not hold yet."""
        inputs = (text for item in batch for text in item.inputs)
        return self._catalog.missing_inputs(self._edition, inputs)

    def encode(
        self, batch: Sequence[IndexedArticle], *, on_progress: Callable[[int], None] | None = None
    ) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of a batch that the store does not hold yet, by encoder input.

        Raises:
            NoSpaceError: the disk cannot hold what the batch becomes; nothing was encoded.
        """
        self.require_space(batch)
        return self.preparation.encode(self.missing_inputs(batch), on_progress=on_progress)

    def require_space(self, batch: Sequence[IndexedArticle]) -> None:
        """Refuse a batch for which the disk has no room.

        Raises:
            NoSpaceError: it has none, or none for the rest of the files to be read.
        """
        self._space.require(batch)

    def store(
        self,
        batch: Sequence[IndexedArticle],
        vectors: Mapping[str, NDArray[np.float32]],
        copies: Sequence[tuple[Origin, str]],
    ) -> None:
        """Commit a batch whole: articles, chunks, new vectors, and further places of articles."""
        self._catalog.store(self._edition, batch, vectors, copies=copies)

    def reindex(self, *, on_articles: Callable[[int], None]) -> int:
        """Make this edition the current one; return the number of chunks that were encoded.

        Readers keep the edition before it until the end. If the call is stopped half-way, the
        same call continues where it stopped.
        """
        encoded = 0
        for batch in self._unprepared():
            vectors = self.encode(batch)
            self._catalog.store_chunks(self._edition, batch, vectors)
            encoded += len(vectors)
            on_articles(len(batch))
        self._catalog.finish_edition(self._edition)
        return encoded

    def _unprepared(self) -> Iterator[list[IndexedArticle]]:
        batch: list[IndexedArticle] = []
        missing = self._catalog.articles_missing_from(self._edition)
        for article in self.preparation.in_turn(missing):
            batch.append(self.preparation.prepare(article, Origin(article.id, "", "", "")))
            if sum(len(item.chunks) for item in batch) >= BATCH_CHUNKS:
                yield batch
                batch = []
        if batch:
            yield batch
