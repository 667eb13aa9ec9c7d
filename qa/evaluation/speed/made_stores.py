"""Makes large stores for measurements: whole texts and words, vectors that were not encoded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.rows import IndexedArticle, Origin
from index_store.local import LocalStore
from index_store.records import (
    UNKNOWN_DATE,
    Article,
    Chunk,
    Manifest,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.evaluation.speed.made_archives import MadeArticle, made_articles
from qa.question.selection import written_days

_DIMENSION = 8
_MANIFEST = Manifest("none: vectors of a hash", "0" * 64, _DIMENSION, "paragraphs")
_BATCH = 200  # articles in a transaction
_PARAGRAPH = re.compile(r"[^\n]+")
_PRECISIONS = {10: Precision.DAY, 7: Precision.MONTH}  # by the length of "2021-12-17"


def make_store(
    path: Path,
    *,
    chunks: int,
    on_progress: Callable[[int], None] = lambda _: None,
    manifest: Manifest = _MANIFEST,
    encode: Callable[[Sequence[str]], NDArray[np.float32]] | None = None,
) -> LocalStore:
    """Return a store of made articles with at least this many chunks; one that is there grows.

    Each paragraph is a chunk. `encode` gives the vectors of texts, as `manifest` describes them;
    without it they are tiny, and of no use but to fill their place. `on_progress` receives the
    number of chunks so far.
    """
    encode = encode or _hashed
    store = LocalStore(path, create=True)
    articles, made = store.catalog.count()
    if made >= chunks:
        return store
    every = islice(made_articles(), articles, None)
    with store.writing("bench") as writer:
        edition = writer.catalog.prepare_edition(manifest)
        while made < chunks:
            batch = [indexed(article) for article in islice(every, _BATCH)]
            inputs = [text for item in batch for text in item.inputs]
            missing = writer.catalog.missing_inputs(edition, inputs)
            vectors = dict(zip(missing, encode(missing), strict=True))
            writer.catalog.store(edition, batch, vectors)
            made += len(inputs)
            on_progress(made)
    return store


def indexed(made: MadeArticle) -> IndexedArticle:
    """Make a made article ready to be stored, with a chunk for each paragraph."""
    article = Article(
        made.id, made.title, made.text, _published(made.date), made.source, "nl",
        author=made.author, section=made.section,
    )  # fmt: skip
    chunks = tuple(_chunks(article))
    inputs = tuple(f"{article.title}\n{chunk.text}" for chunk in chunks)
    origin = Origin(article.id, article.source, "", article.content_hash)
    return IndexedArticle(article, origin, chunks, inputs)


def _chunks(article: Article) -> Iterator[Chunk]:
    for found in _PARAGRAPH.finditer(article.text):
        yield Chunk(article.id, found.start(), found.end(), found[0])


def _published(written: str | None) -> PublicationDate:
    if written is None:
        return UNKNOWN_DATE
    precision = _PRECISIONS[len(written)]
    return PublicationDate(*written_days(written), precision, Provenance.STATED, written)


def _hashed(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.array([_vector(text) for text in texts], dtype=np.float32).reshape(-1, _DIMENSION)


def _vector(text: str) -> NDArray[np.float32]:
    seen = hashlib.sha256(text.encode()).digest()[:_DIMENSION]
    vector = np.frombuffer(seen, dtype=np.uint8).astype(np.float32) - 127.5
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
