"""Builds stores fast: every line of an article is a chunk, encoded by hashing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np

from index_store.analysis.terms import question_terms
from index_store.catalog.rows import IndexedArticle, Origin
from index_store.catalog.writing import CatalogWriter
from index_store.indexes.milvus_place import MilvusPlace
from index_store.local import LocalStore
from index_store.local_view import LocalView
from index_store.records import UNKNOWN_DATE, Article, Chunk, Manifest, PublicationDate
from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder

ENCODER = HashEncoder()
NOTHING = np.array([], np.int64)


def write_articles(folder: Path, count: int) -> None:
    """Write files of thirty sentences each; their names, the ids, are "00", "01" and so on."""
    folder.mkdir()
    for number in range(count):
        text = " ".join(f"Zin{n} van stuk{number} gaat over het gemaal." for n in range(30))
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")


def manifest_of(encoder: HashEncoder = ENCODER, chunking: str = "lines") -> Manifest:
    return Manifest(encoder.name, encoder.weights_hash, encoder.dimension, chunking)


def make_article(
    identifier: str,
    text: str,
    *,
    title: str | None = None,
    published: PublicationDate = UNKNOWN_DATE,
    source: str = "krant",
    language: str | None = "nl",
    url: str | None = None,
    author: str | None = None,
    section: str | None = None,
) -> Article:
    return Article(identifier, title, text, published, source, language, url, author, section)


def ingest_texts(assistant: Assistant, folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts to files of a new folder, and ingest it."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    assistant.ingest([folder])


def make_origin(article: Article) -> Origin:
    return Origin(article.id, article.source, f"/in/{article.id}", article.content_hash)


def cut(article: Article, *, words: bool = False) -> IndexedArticle:
    """Make every line (or word) a chunk."""
    pieces = article.text.split() if words else article.text.splitlines()
    chunks, at = [], 0
    for piece in pieces:
        start = article.text.index(piece, at)
        at = start + len(piece)
        if piece.strip():
            chunks.append(Chunk(article.id, start, at, piece))
    inputs = tuple("\n".join(filter(None, [article.title, chunk.text])) for chunk in chunks)
    return IndexedArticle(article, make_origin(article), tuple(chunks), inputs)


def put(
    catalog: CatalogWriter,
    articles: Iterable[Article],
    *,
    copies: Sequence[tuple[Article, str]] = (),
    encoder: HashEncoder = ENCODER,
) -> list[str]:
    """Store articles in one transaction; return the encoder inputs that were new.

    `copies` are articles whose text is stored already, with the place each of them names.
    """
    edition = catalog.prepare_edition(manifest_of(encoder))
    batch = [cut(article) for article in articles]
    missing = catalog.missing_inputs(edition, [text for item in batch for text in item.inputs])
    vectors = dict(zip(missing, encoder.encode_passages(missing), strict=True))
    places = [
        (make_origin(replace(article, id=key)), article.content_hash) for article, key in copies
    ]
    catalog.store(edition, batch, vectors, copies=places)
    return missing


def reindex(
    catalog: CatalogWriter, *, encoder: HashEncoder = ENCODER, chunking: str, finish: bool = True
) -> list[str]:
    """Prepare another edition, one article a transaction; return what had to be encoded."""
    edition = catalog.prepare_edition(manifest_of(encoder, chunking))
    encoded: list[str] = []
    for article in catalog.articles_missing_from(edition):
        item = cut(article, words=chunking == "words")
        missing = catalog.missing_inputs(edition, item.inputs)
        vectors = dict(zip(missing, encoder.encode_passages(missing), strict=True))
        catalog.store_chunks(edition, [item], vectors)
        encoded += missing
    if finish:
        catalog.finish_edition(edition)
    return encoded


def make_store(
    path: Path, articles: Iterable[Article], *, index: MilvusPlace | None = None
) -> LocalStore:
    store = LocalStore(path, create=True, index=index)
    with store.writing("test") as writer:
        put(writer.catalog, articles)
    return store


def news(count: int, *, version: int = 1) -> Iterator[Article]:
    """Yield articles whose every line says which article and version it is of."""
    topics = ["troepenopbouw", "gaspijpleiding", "sancties", "wapens", "overleg", "dreiging"]
    for number in range(count):
        lines = [
            f"bericht{number} uitgave{version} regel{line} over {topics[(number + line) % 6]}."
            for line in range(3)
        ]
        yield make_article(f"nieuws/{number}", "\n".join(lines), title=f"Titel {number}")


def open_view(store: LocalStore) -> LocalView:
    view = store.view()
    assert view is not None
    return view


def results(view: LocalView, *questions: str, limit: int = 20) -> list[list[tuple[str, float]]]:
    """Return what dense and lexical search find, by the stable id of the chunk."""
    found = []
    for question in questions:
        vector = ENCODER.encode_question(question)
        for rows in (
            view.dense(vector, limit, None),
            view.lexical(question_terms(question), limit, None),
        ):
            chunks = view.chunks([number for number, _ in rows])
            scores = [round(score, 4) for _, score in rows]
            pairs = zip((stored.chunk.id for stored in chunks), scores, strict=True)
            # Numbers depend on the order of storing, so ties have another order in a twin.
            found.append(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
    return found


def processes() -> ForkServerContext:
    """Return how to start real processes fast: they have what is imported here from the start.

    They are not forked from the process of the tests, whose threads may hold a lock at that moment.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.store_building", "tests.ingest_until_killed"])
    return context


def open_together(folder: Path, barrier: Barrier) -> None:
    """Open fresh stores, each at the same moment as other processes do."""
    for number in range(40):
        barrier.wait(timeout=20)
        with closing(LocalStore(folder / str(number), create=True)) as store:
            assert store.catalog.generation() == 0
            assert store.view() is None
