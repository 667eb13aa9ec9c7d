"""What only a server can do to an archive: go away, hold something else, lose rows."""

from __future__ import annotations

import shutil
import socket
import time
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index_store.errors import StoreMismatchError
from index_store.indexes import milvus
from index_store.indexes.chunk_facts import NAMES
from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_errors import MilvusError
from index_store.indexes.milvus_place import MilvusPlace
from index_store.indexes.milvus_state import CollectionState
from index_store.local import LocalStore
from tests.milvus.asked_archive import asked_archive
from tests.milvus.real_server import RealServer, free_port
from tests.store_building import (
    ENCODER,
    make_article,
    make_store,
    manifest_of,
    news,
    open_view,
    put,
    results,
)

pytestmark = pytest.mark.milvus
QUESTIONS = ("troepen", "sancties en overleg")


def dense(store: LocalStore, limit: int = 20) -> list[tuple[int, float]]:
    return open_view(store).dense(ENCODER.encode_question("troepen"), limit, None)


# The server goes away


def test_a_question_while_the_server_is_away_fails_in_words_and_then_works(
    tmp_path: Path, doomed_server: RealServer
) -> None:
    question = "Wat schreef de krant over sancties?"
    with asked_archive(tmp_path, doomed_server.place("weg").name) as assistant:
        answer, view = assistant.ask(question), assistant.archive.view()
        assert view is not None
        assert answer.passages
        doomed_server.kill()
        started = time.monotonic()
        with pytest.raises(MilvusError, match=r"milvus://127.*does not answer.*Start the server"):
            view.dense(ENCODER.encode_question("troepen"), 5, None)
        with pytest.raises(MilvusError, match="does not answer"):
            assistant.ask(question)
        # Words and lists need no server.
        assert len(list(assistant.find("sancties"))) == 1
        assert len(list(assistant.articles())) == 4
        assert any("does not answer" in problem for problem in assistant.check())
        assert time.monotonic() - started < 60
        doomed_server.start()
        again = assistant.ask(question)
        assert (again.text, again.fingerprint) == (answer.text, answer.fingerprint)
        assert assistant.check() == []


def test_nothing_is_written_while_the_server_is_away(
    tmp_path: Path, doomed_server: RealServer
) -> None:
    place = doomed_server.place("weg")
    with closing(make_store(tmp_path / "store", news(3), index=place)) as store:
        doomed_server.kill()
        with pytest.raises(MilvusError, match="does not answer"), store.writing("test"):
            pytest.fail("nothing may be encoded for an index that is away")
        assert store.catalog.count()[0] == 3


def test_a_server_killed_in_the_middle_of_an_ingest_loses_nothing(
    tmp_path: Path, doomed_server: RealServer
) -> None:
    place = doomed_server.place("weg")
    path = tmp_path / "store"
    with closing(make_store(path, news(30), index=place)) as store:
        with pytest.raises(MilvusError, match="does not answer"), store.writing("test") as writer:  # noqa: PT012 - the end of writing fails
            put(writer.catalog, news(60, version=2))
            writer.catalog.remove(["nieuws/59"])
            doomed_server.kill()
        assert store.catalog.count()[0] == 59
        with pytest.raises(MilvusError, match="does not answer"):
            store.view()  # the words of before lack 30 articles: a count by them would be untrue
        doomed_server.start()
        with closing(make_store(tmp_path / "twin", store.articles())) as twin:
            assert (
                results(open_view(store), *QUESTIONS, limit=999)[::2]
                == results(open_view(twin), *QUESTIONS, limit=999)[::2]
            )
        assert store.check() == []


@pytest.mark.parametrize("method", ["upsert", "delete", "write_state"])
def test_a_writer_that_dies_between_two_calls_is_made_good(
    store: LocalStore, tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dense(store)
    reader = open_view(store)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(MilvusCollection, method, die)
        with pytest.raises(KeyboardInterrupt), store.writing("test") as writer:  # noqa: PT012
            put(writer.catalog, [make_article("a", "troepen"), *news(3, version=2)])
            writer.catalog.remove(["nieuws/9"])
    assert before
    assert len(reader.dense(ENCODER.encode_question("troepen"), 20, None)) == 20
    with closing(make_store(tmp_path / "twin", store.articles())) as twin:
        found = results(open_view(store), *QUESTIONS, limit=999)[::2]
        assert found == results(open_view(twin), *QUESTIONS, limit=999)[::2]
    assert store.check() == []


def test_a_view_of_a_collection_that_was_in_step_asks_the_server_nothing(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = results(open_view(store), *QUESTIONS)
    with monkeypatch.context() as patched:
        for method in ("read_state", "count", "dimension"):
            patched.setattr(MilvusCollection, method, None)
        view = open_view(store)
    assert results(view, *QUESTIONS) == expected


def test_no_server_at_the_address_is_told_at_once(tmp_path: Path) -> None:
    place = MilvusPlace("127.0.0.1", free_port(), "niets")
    with pytest.raises(MilvusError, match=r"does not answer.*check host, port and TLS"):
        make_store(tmp_path / "store", news(1), index=place)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # listens, and says nothing
        place = MilvusPlace("127.0.0.1", silent.getsockname()[1], "stil")
        started = time.monotonic()
        with pytest.raises(MilvusError, match="does not answer"):
            make_store(tmp_path / "store", news(1), index=place)
        assert time.monotonic() - started < 30


# The server holds something else


def test_the_collection_of_another_archive_is_left_as_it_is(
    store: LocalStore, tmp_path: Path, collection: MilvusPlace
) -> None:
    expected = results(open_view(store), *QUESTIONS)
    with pytest.raises(StoreMismatchError, match=r"another archive.*nothing was changed.*--index"):
        make_store(tmp_path / "other", news(2, version=9), index=collection)
    make_store(tmp_path / "third", news(2, version=9)).close()
    with (
        closing(LocalStore(tmp_path / "third", index=collection)) as third,
        pytest.raises(StoreMismatchError, match="another archive"),
    ):
        third.view()
    assert results(open_view(store), *QUESTIONS) == expected
    assert store.check() == []


def test_a_collection_that_is_not_ours_is_left_as_it_is(
    raw: Any, collection: MilvusPlace, tmp_path: Path
) -> None:
    raw.create_collection(collection.collection, dimension=8, timeout=10)
    with pytest.raises(MilvusError, match=r"not of Dateline.*left as it is.*another collection"):
        make_store(tmp_path / "store", news(1), index=collection)
    assert raw.has_collection(collection.collection)


def test_a_collection_written_by_a_newer_dateline_is_left_as_it_is(
    store: LocalStore, collection: MilvusPlace
) -> None:
    with closing(MilvusCollection(collection)) as open_collection:
        open_collection.write_state('{"format": 2}', 1, 64)
    with pytest.raises(MilvusError, match="newer Dateline"):
        dense_after_reopening(store, collection)


def dense_after_reopening(store: LocalStore, collection: MilvusPlace) -> list[tuple[int, float]]:
    with closing(LocalStore(store.path, index=collection)) as again:
        with again.writing("test") as writer:
            put(writer.catalog, [make_article("nieuw", "troepen")])
        return dense(again)


# The server loses what it held


def test_a_dropped_collection_is_made_again_without_encoding(store: LocalStore, raw: Any) -> None:
    expected, view = results(open_view(store), *QUESTIONS), open_view(store)
    assert store.home is not None
    raw.drop_collection(store.home.place.collection)
    with pytest.raises(MilvusError, match=r"no such collection.*makes it again"):
        view.dense(ENCODER.encode_question("troepen"), 5, None)
    assert results(open_view(store), *QUESTIONS) == expected
    assert store.check() == []


@pytest.mark.parametrize("step", ["create_index", "load_collection"])
def test_a_collection_whose_making_was_killed_halfway_is_made_ready(
    raw: Any, collection: MilvusPlace, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with closing(MilvusCollection(collection)) as half:
        with monkeypatch.context() as patched:
            patched.setattr(type(raw), step, die)
            with pytest.raises(KeyboardInterrupt):
                half.create(64)
        raw.release_collection(collection.collection, timeout=10)
        for _ in range(2):
            assert half.dimension() == 64
            assert raw.list_indexes(collection.collection) == ["vector"]
            assert raw.get_load_state(collection.collection)["state"].name == "Loaded"


def test_a_collection_that_was_made_again_gives_an_older_view_no_partial_answer(
    store: LocalStore, raw: Any, collection: MilvusPlace
) -> None:
    view = open_view(store)
    raw.drop_collection(collection.collection)
    with closing(MilvusCollection(collection)) as half:
        half.create(64)
        told: dict[str, Any] = {"print": 1, "facts": 1, "made": 5, "sources": []}
        rows = [{**dict.fromkeys(NAMES, 0), **told, "number": n} for n in (1, 2)]
        half.upsert(rows, np.ones((2, 64), np.float32))
    with pytest.raises(MilvusError, match="made again"):
        view.dense(ENCODER.encode_question("troepen"), 5, None)


def test_lost_rows_are_told_and_no_answer_is_given(
    store: LocalStore, raw: Any, collection: MilvusPlace
) -> None:
    expected = results(open_view(store), *QUESTIONS)
    raw.delete(collection.collection, filter="number in [5, 6]", timeout=10)
    with pytest.raises(MilvusError, match=r"lacks vectors.*ask again"):
        dense(store, 90)
    assert any("vectors are of other chunks" in problem for problem in store.check())
    assert len(dense(store, 90)) == 90
    assert store.check() == []
    # Where a search finds enough others, the count tells whoever opens the archive next.
    raw.delete(collection.collection, filter="number in [5, 6]", timeout=10)
    with closing(LocalStore(store.path, index=collection)) as again:
        assert results(open_view(again), *QUESTIONS) == expected
        assert again.check() == []


def test_rows_with_other_values_are_told_by_check(
    store: LocalStore, raw: Any, collection: MilvusPlace
) -> None:
    (row,) = raw.get(collection.collection, ids=[7], timeout=10)
    raw.upsert(collection.collection, [{**row, "facts": 1, "vector": [0.1] * 64}], timeout=10)
    told = "\n".join(store.check())
    assert "the vector of chunk 7 in it is another" in told
    assert "what filters ask of chunk 7 in Milvus" in told


def test_looking_through_a_collection_takes_few_bytes_a_row(
    collection: MilvusPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        milvus, "ROWS_AT_ONCE", 100
    )  # what the client makes of one page is there anyway
    told: dict[str, Any] = {"print": 2**61 + 1, "facts": 2**60 + 1, "made": 2**59, "sources": []}
    with closing(MilvusCollection(collection)) as many:
        many.create(2)
        rows = [{**dict.fromkeys(NAMES, 0), **told, "number": n} for n in range(3000)]
        many.upsert(rows, np.ones((3000, 2), np.float32))
        first = many.rows()
        tracemalloc.start()
        again = many.rows()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert np.array_equal(first, again)
    assert (len(again), again[-1].tolist()) == (3000, [2999, 2**61 + 1, 2**60 + 1, 2**59])
    assert peak / len(again) < 100


# Who may read, who may write


def test_a_reader_beside_a_writer_and_without_indexes_of_its_own_uses_the_server(
    store: LocalStore, collection: MilvusPlace
) -> None:
    expected = results(open_view(store), *QUESTIONS)
    shutil.rmtree(store.path / "derived")
    with (
        closing(LocalStore(store.path, index=collection)) as other,
        store.writing("a long ingest") as writer,
    ):
        assert results(open_view(other), *QUESTIONS) == expected
        put(writer.catalog, [make_article("nieuw", "troepen")])
        with (
            closing(LocalStore(store.path, index=collection)) as third,
            pytest.raises(MilvusError, match="does not hold the present state"),
        ):
            third.view()


def test_indexes_that_cannot_be_written_are_made_in_memory_once(store: LocalStore) -> None:
    """As in a folder that is read-only; the build that is there has its vectors in Milvus."""
    expected = results(open_view(store), *QUESTIONS)
    with store.writing("a long ingest"), closing(LocalStore(store.path)) as here:
        assert results(open_view(here), *QUESTIONS) == expected
        assert here.indexes() is here.indexes()


def test_the_state_of_a_collection_survives_its_writing() -> None:
    state = CollectionState.new("archief", manifest_of())
    assert CollectionState.parse(state.written()) == state
    for odd in ("", "[]", "{}", '{"format": 1}', "null", '{"format": 1, "manifest": 3}'):
        assert CollectionState.parse(odd) is None
