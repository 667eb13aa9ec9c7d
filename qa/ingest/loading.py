"""Loading a dump into a store: articles keep their ids, places and dates set by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.rows import IndexedArticle, Origin, input_hash
from index_store.records import PublicationDate
from index_store.store import IndexWriter
from qa.ingest.dump import Dump, DumpedArticle
from qa.ingest.indexing import BATCH_ARTICLES, BATCH_CHUNKS, Indexer


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many articles were loaded, and how many chunks had to be encoded for it."""

    articles: int
    encoded_chunks: int


def load(
    writer: IndexWriter,
    dump: Dump,
    indexer: Indexer,
    *,
    on_articles: Callable[[int], None] = lambda _: None,
) -> LoadReport:
    """Store the articles of a dump; they replace the articles with their ids.

    Every batch is one transaction. Vectors of the dump are used if the same encoder made them of
    the same words; all others are encoded. `on_articles` gets the size of each stored batch.
    """
    run = _Loading(writer, indexer, dump.weights_hash == indexer.preparation.manifest.weights_hash)
    try:
        for dumped in dump.articles:
            run.take(dumped)
            if run.is_full:
                on_articles(run.flush())
    finally:  # what was read before an error is whole
        on_articles(run.flush())
    return LoadReport(run.articles, run.encoded)


@dataclass(slots=True)
class _Loading:
    """One load: the current batch and the counts so far."""

    writer: IndexWriter
    indexer: Indexer
    trusts_vectors: bool
    articles: int = 0
    encoded: int = 0
    batch: list[IndexedArticle] = field(default_factory=list)
    copies: list[tuple[Origin, str]] = field(default_factory=list)
    by_hand: dict[str, PublicationDate] = field(default_factory=dict)
    vectors: dict[bytes, NDArray[np.float32]] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        chunks = sum(len(item.chunks) for item in self.batch)
        return chunks >= BATCH_CHUNKS or len(self.batch) >= BATCH_ARTICLES

    def take(self, dumped: DumpedArticle) -> None:
        article, (first, *others) = dumped.article, dumped.origins
        self.batch.append(self.indexer.preparation.prepare(article, first))
        self.copies += [(origin, article.content_hash) for origin in others]
        if dumped.by_hand:
            self.by_hand[article.id] = dumped.by_hand
        if self.trusts_vectors:
            self.vectors.update(self._fitting(dumped.vectors))

    def _fitting(
        self, vectors: Mapping[bytes, NDArray[np.float16]]
    ) -> dict[bytes, NDArray[np.float32]]:
        size = self.indexer.preparation.manifest.dimension
        return {
            key: vector.astype(np.float32)
            for key, vector in vectors.items()
            if vector.shape == (size,) and np.isfinite(vector).all()
        }

    def flush(self) -> int:
        """Store the batch; return how many articles it held."""
        if not self.batch:
            return 0
        self.indexer.require_space(self.batch)
        missing = self.indexer.missing_inputs(self.batch)
        known = {
            text: self.vectors[key] for text in missing if (key := input_hash(text)) in self.vectors
        }
        unknown = [text for text in missing if text not in known]
        encoded = self.indexer.preparation.encode(unknown) if unknown else {}
        self.indexer.store(self.batch, {**known, **encoded}, self.copies)
        for article_id, published in self.by_hand.items():
            self.writer.catalog.set_date(article_id, published)
        count = len(self.batch)
        self.articles += count
        self.encoded += len(unknown)
        self.batch, self.copies, self.by_hand, self.vectors = [], [], {}, {}
        self.writer.renew_if_cheap()
        return count
