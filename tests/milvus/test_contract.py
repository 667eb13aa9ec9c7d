"""What a store must do wherever its vectors are: the same tests over the files and over Milvus."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_store.indexes import milvus_dense
from index_store.indexes.milvus_place import MilvusPlace
from index_store.local import LocalStore
from index_store.local_view import LocalView
from index_store.records import (
    EVERYTHING,
    Article,
    ArticleFilter,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.evaluation.soak.stand_ins import HashEncoder
from tests.store_building import (
    ENCODER,
    make_article,
    make_store,
    news,
    open_view,
    put,
    reindex,
    results,
)

QUESTIONS = ("troepen", "Waar gaat bericht3 over?", "sancties en overleg")
FIRST = date(2021, 11, 1)
FILTERS = {
    "everything": EVERYTHING,
    "a period": ArticleFilter(DateRange(date(2021, 12, 1), date(2022, 1, 15))),
    "since": ArticleFilter(DateRange(date(2022, 1, 1), None)),
    "with undated": ArticleFilter(DateRange(None, date(2021, 11, 20)), include_undated=True),
    "as of": ArticleFilter(as_of=date(2021, 12, 5)),
    "one day": ArticleFilter(DateRange(date(2021, 12, 24), date(2021, 12, 24))),
    "nothing": ArticleFilter(DateRange(date(1999, 1, 1), date(1999, 12, 31))),
    "sources": ArticleFilter(sources=("nrc", "Onbekend")),
    "author": ArticleFilter(authors=("A. de Wit",)),
    "language": ArticleFilter(languages=("en",)),
    "all at once": ArticleFilter(
        DateRange(date(2021, 12, 1), None), sources=("NRC",), authors=("B. Bos", "A. de Wit")
    ),
}


def dated(articles: Iterator[Article]) -> Iterator[Article]:
    """Give articles days, sources, authors and languages; every seventh has no day."""
    for number, article in enumerate(articles):
        day = FIRST + timedelta(days=number)
        published = PublicationDate(day, day, Precision.DAY, Provenance.STATED, day.isoformat())
        yield make_article(
            article.id,
            article.text,
            title=article.title,
            published=published if number % 7 else PublicationDate(),
            source=("NRC", "Trouw", "de Volkskrant")[number % 3],
            author=("A. de Wit", "B. Bos", None)[number % 3],
            language=("nl", "en")[number % 2],
        )


@pytest.fixture
def store(tmp_path: Path, place: MilvusPlace | None) -> Iterator[LocalStore]:
    with closing(make_store(tmp_path / "store", dated(news(90)), index=place)) as made:
        yield made


def brute_force(
    store: LocalStore, vector: NDArray[np.float32], limit: int, selected: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    """Return the nearest chunks by scoring all vectors of the catalog."""
    with closing(sqlite3.connect(store.catalog.path)) as connection:
        kept = connection.execute(
            "SELECT chunk.number, vector FROM chunk"
            " JOIN embedding ON embedding.number = chunk.embedding"
        ).fetchall()
    among = None if selected is None else set(selected.tolist())
    rows = [
        (number, float(np.frombuffer(kept_vector, np.float16).astype(np.float32) @ vector))
        for number, kept_vector in kept
        if among is None or number in among
    ]
    return sorted(rows, key=lambda row: (-round(row[1], 5), row[0]))[:limit]


def assert_nearest(
    store: LocalStore, view: LocalView, only: ArticleFilter, question: str, limit: int = 20
) -> None:
    vector, selected = ENCODER.encode_question(question), view.select(only)
    found = view.dense(vector, limit, selected, only)
    expected = brute_force(store, vector, limit, selected)
    assert [score for _, score in found] == pytest.approx(
        [score for _, score in expected], abs=1e-5
    )
    assert len({number for number, _ in found}) == len(found)
    if selected is not None:
        assert {number for number, _ in found} <= set(selected.tolist())


@pytest.mark.parametrize("named", [8192, 0], ids=["by numbers", "by days and sources"])
def test_filtered_search_equals_brute_force(
    store: LocalStore, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_dense, "MOST_NAMED", named)
    view = open_view(store)
    for only in FILTERS.values():
        for question in QUESTIONS:
            assert_nearest(store, view, only, question)
    selected = view.select(FILTERS["all at once"])
    assert selected is not None
    assert len(selected) > 20


def test_all_that_tie_at_the_edge_are_ordered_by_number(
    tmp_path: Path, place: MilvusPlace | None
) -> None:
    articles = (make_article(f"a/{n}", "Telkens hetzelfde bericht.") for n in range(300))
    with closing(make_store(tmp_path / "store", articles, index=place)) as store:
        view = open_view(store)
        found = view.dense(ENCODER.encode_question("bericht"), 10, None)
        numbers = sorted(number for number, _ in view.dense(np.ones(64, np.float32), 999, None))
        assert [number for number, _ in found] == numbers[:10]
        assert len(numbers) == 300


def test_scores_of_chunks_are_those_of_the_search(store: LocalStore) -> None:
    view, vector = open_view(store), ENCODER.encode_question(QUESTIONS[0])
    found = dict(view.dense(vector, 30, None))
    numbers = sorted(found)
    assert view.dense_scores(vector, numbers) == pytest.approx(
        [found[number] for number in numbers], abs=1e-5
    )
    assert view.dense_scores(vector, []) == []


def test_changes_and_removals_are_seen_at_once(
    store: LocalStore, tmp_path: Path, place: MilvusPlace | None
) -> None:
    for version in (2, 3):
        with store.writing("test") as writer:
            put(writer.catalog, [*dated(news(8, version=version)), make_article("nieuw", "Iets.")])
            writer.catalog.remove([f"nieuws/{40 + version}", f"nieuws/{60 + version}"])
        view = open_view(store)
        with closing(make_store(tmp_path / f"twin{version}", store.articles())) as twin:
            same = results(open_view(twin), *QUESTIONS, limit=999)[::2]
            assert results(view, *QUESTIONS, limit=999)[::2] == same
        assert store.check() == []
    with closing(LocalStore(store.path, index=place)) as other:
        assert results(open_view(other), *QUESTIONS) == results(open_view(store), *QUESTIONS)


def test_an_older_view_goes_on_while_a_writer_is_ahead(store: LocalStore) -> None:
    view = open_view(store)
    before = {question: dense(view, question) for question in QUESTIONS}
    with store.writing("test") as writer:
        put(writer.catalog, (make_article(f"extra/{n}", "troepen sancties") for n in range(50)))
        writer.renew()
        for question, found in before.items():
            assert dense(view, question) == found
    assert dense(open_view(store), QUESTIONS[0]) != before[QUESTIONS[0]]


def dense(view: LocalView, question: str) -> list[tuple[int, float]]:
    return view.dense(ENCODER.encode_question(question), 20, None)


def test_a_date_set_by_hand_moves_an_article_between_periods(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_dense, "MOST_NAMED", 0)
    only = ArticleFilter(DateRange(date(1999, 1, 1), date(1999, 12, 31)))
    day = date(1999, 5, 5)
    by_hand = PublicationDate(day, day, Precision.DAY, Provenance.USER, "1999-05-05")
    with store.writing("test") as writer:
        writer.catalog.set_date("nieuws/3", by_hand)
    view = open_view(store)
    chunks = view.chunks([number for number, _ in dense_in(view, only)])
    assert {each.article.id for each in chunks} == {"nieuws/3"}
    assert len(chunks) == 3
    assert store.check() == []


def dense_in(view: LocalView, only: ArticleFilter) -> list[tuple[int, float]]:
    return view.dense(ENCODER.encode_question("troepen"), 20, view.select(only), only)


def test_another_encoder_replaces_all_vectors(store: LocalStore) -> None:
    encoder = HashEncoder(salt="anders", dimension=32)
    with store.writing("test") as writer:
        reindex(writer.catalog, encoder=encoder, chunking="lines")
    view = open_view(store)
    number, score = view.dense(
        encoder.encode_question("Titel 3\nbericht3 uitgave1 regel0 over wapens."), 1, None
    )[0]
    assert view.chunks([number])[0].article.id == "nieuws/3"
    assert score == pytest.approx(1, abs=1e-2)
    assert store.check() == []


def test_an_empty_archive_is_searched_in_vain(tmp_path: Path, place: MilvusPlace | None) -> None:
    with closing(make_store(tmp_path / "store", [], index=place)) as store:
        assert results(open_view(store), "troepen") == [[], []]
        with store.writing("test") as writer:
            put(writer.catalog, news(1))
        assert all(results(open_view(store), "troepen"))
        with store.writing("test") as writer:
            writer.catalog.remove(["nieuws/0"])
        assert results(open_view(store), "troepen") == [[], []]
        assert store.check() == []


def test_lost_indexes_are_made_again_without_encoding(
    store: LocalStore, place: MilvusPlace | None
) -> None:
    expected = results(open_view(store), *QUESTIONS)
    store.close()
    for file in sorted((store.path / "derived").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    with closing(LocalStore(store.path, index=place)) as again:
        assert results(open_view(again), *QUESTIONS) == expected
        assert again.check() == []


def test_vectors_can_be_made_in_files_and_where_they_were_again(
    store: LocalStore, place: MilvusPlace | None
) -> None:
    expected = results(open_view(store), *QUESTIONS)
    store.close()
    for index in (None, place, None, place):
        with closing(LocalStore(store.path, index=index)) as moved:
            assert results(open_view(moved), *QUESTIONS) == expected
            assert moved.check() == []


def test_an_article_found_in_thousands_of_places_passes_every_filter_of_its_own(
    tmp_path: Path, place: MilvusPlace | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_dense, "MOST_NAMED", 0)
    article = make_article("a", "Een kort bericht.", source="krant0")
    copies = [
        (make_article(f"b{n}", article.text, source=f"krant{n}"), f"b{n}") for n in range(1, 4200)
    ]
    with closing(LocalStore(tmp_path / "store", create=True, index=place)) as store:
        with store.writing("test") as writer:
            put(writer.catalog, [article, make_article("z", "Iets anders.")])
            put(writer.catalog, [], copies=copies)
        view = open_view(store)
        for source in ("krant0", "KRANT4199"):
            found = dense_in(view, ArticleFilter(sources=(source,)))
            assert [each.article.id for each in view.chunks([n for n, _ in found])] == ["a"]
