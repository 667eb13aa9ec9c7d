"""Preparing articles for a store: cutting and encoding, which are pure and know no store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.language import detect_language
from index_store.catalog.rows import IndexedArticle, Origin
from index_store.records import Article, Manifest
from qa.ingest.chunking import ChunkingSettings, cut_article, encoder_input
from qa.ingest.languages import ARTICLE_LANGUAGES
from qa.models.encoder import Encoder


def manifest_of(encoder: Encoder, chunking: ChunkingSettings) -> Manifest:
    """Return what a store records of the encoder and chunking that made its vectors."""
    return Manifest(encoder.name, encoder.weights_hash, encoder.dimension, chunking.describe())


def described(manifest: Manifest) -> str:
    """Return the encoder and the chunking of a store in words."""
    return f"{manifest.encoder} ({manifest.weights_hash[:12]}) with chunks {manifest.chunking}"


@dataclass(frozen=True, slots=True)
class Preparation:
    """The encoder and the chunking with which articles are prepared.

    All methods are pure: their output depends on their input alone, and they use no store.
    """

    encoder: Encoder
    chunking: ChunkingSettings

    @property
    def manifest(self) -> Manifest:
        """Return what a store records of this preparation."""
        return manifest_of(self.encoder, self.chunking)

    def in_turn(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield the articles that are going to be prepared; it may be done ahead."""
        yield from articles

    def prepare(self, article: Article, origin: Origin) -> IndexedArticle:
        """Give an article its language, cut it, and write what the encoder reads for each chunk.

        The article keeps a language that it states, and its dates.
        """
        if article.language is None:
            article = replace(
                article, language=detect_language(article.text, among=ARTICLE_LANGUAGES)
            )
        chunks = cut_article(
            article,
            self.chunking,
            encoder_tokens=self.encoder.count_tokens,
            encoder_limit=self.encoder.max_tokens,
        )
        inputs = tuple(encoder_input(article, chunk) for chunk in chunks)
        return IndexedArticle(article, origin, chunks, inputs)

    def encode(
        self, inputs: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> dict[str, NDArray[np.float32]]:
        """Return the vector of each input; `on_progress` gets the number encoded so far."""
        vectors = self.encoder.encode_passages(inputs, on_progress=on_progress)
        return dict(zip(inputs, vectors, strict=True))
