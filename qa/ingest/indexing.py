"""Making articles searchable: cutting them, and encoding what has not been encoded before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.rows import IndexedArticle, Origin
from index_store.records import Article, Manifest
from index_store.store import IndexWriter
from qa.ingest.chunking import ChunkingSettings, cut_article, encoder_input
from qa.models.encoder import Encoder

# One batch is one transaction: what a kill can cost. Large enough for the encoder to sort by
# length, small enough to be seconds of work.
BATCH_CHUNKS = 256
BATCH_ARTICLES = 1000


def manifest_of(encoder: Encoder, chunking: ChunkingSettings) -> Manifest:
    """Return what a store records of the encoder and chunking that made its vectors."""
    return Manifest(encoder.name, encoder.weights_hash, encoder.dimension, chunking.describe())


class Indexer:
    """Prepares articles for one edition of a store that is being written to."""

    def __init__(self, writer: IndexWriter, encoder: Encoder, chunking: ChunkingSettings) -> None:
        self._catalog = writer.catalog
        self._encoder = encoder
        self._chunking = chunking
        self._edition = self._catalog.prepare_edition(manifest_of(encoder, chunking))

    def prepare(self, article: Article, origin: Origin) -> IndexedArticle:
        """Cut an article and write out what the encoder is to read for each chunk."""
        chunks = cut_article(
            article,
            self._chunking,
            encoder_tokens=self._encoder.count_tokens,
            encoder_limit=self._encoder.max_tokens,
        )
        inputs = tuple(encoder_input(article, chunk) for chunk in chunks)
        return IndexedArticle(article, origin, chunks, inputs)

    def store(
        self,
        batch: Sequence[IndexedArticle],
        copies: Sequence[tuple[Origin, str]],
        *,
        on_encoded: Callable[[int], None],
    ) -> None:
        """Encode what is new in a batch and commit it whole; further places go with it."""
        vectors = self._embed_missing(batch, on_encoded)
        self._catalog.store(self._edition, batch, vectors, copies=copies)

    def reindex(self, *, on_articles: Callable[[int], None]) -> int:
        """Make this edition the current one; return how many chunks had to be encoded.

        Readers keep the edition before it until the end. Stopped half-way, the same call goes on
        where it stopped.
        """
        encoded = 0

        def count(more: int) -> None:
            nonlocal encoded
            encoded += more

        for batch in self._unprepared():
            self._catalog.store_chunks(self._edition, batch, self._embed_missing(batch, count))
            on_articles(len(batch))
        self._catalog.finish_edition(self._edition)
        return encoded

    def _unprepared(self) -> Iterator[list[IndexedArticle]]:
        batch: list[IndexedArticle] = []
        for article in self._catalog.articles_missing_from(self._edition):
            batch.append(self.prepare(article, Origin(article.id, "", "", "")))
            if sum(len(item.chunks) for item in batch) >= BATCH_CHUNKS:
                yield batch
                batch = []
        if batch:
            yield batch

    def _embed_missing(
        self, batch: Sequence[IndexedArticle], on_encoded: Callable[[int], None]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the embedding of each encoder input of the batch that the catalog lacks."""
        missing = self._catalog.missing_inputs(
            self._edition, (text for item in batch for text in item.inputs)
        )
        done = 0

        def encoded(so_far: int) -> None:
            nonlocal done
            on_encoded(so_far - done)
            done = so_far

        vectors = self._encoder.encode_passages(missing, on_progress=encoded)
        return dict(zip(missing, vectors, strict=True))
