"""Copies of one archive that name one collection: each answers by its own articles, or not."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_errors import MilvusError
from index_store.indexes.milvus_place import MilvusPlace
from index_store.local import LocalStore
from tests.store_building import ENCODER, make_article, make_store, open_view, put, results

pytestmark = pytest.mark.milvus
QUESTIONS = ("troepen", "sancties en overleg")


def copied(store: LocalStore, tmp_path: Path) -> Path:
    store.close()
    return Path(shutil.copytree(store.path, tmp_path / "copy"))


def write(store: LocalStore, number: int) -> None:
    """Take an article away and put another one in its place."""
    with store.writing("test") as writer:
        writer.catalog.remove([f"nieuws/{number}"])
        put(writer.catalog, [make_article(f"nieuw/{number}", f"troepen in {store.path.name}")])


def assert_answers_by_its_own(store: LocalStore, twin: Path) -> None:
    with closing(make_store(twin, store.articles())) as made:
        expected = results(open_view(made), *QUESTIONS, limit=999)[::2]
    assert results(open_view(store), *QUESTIONS, limit=999)[::2] == expected
    assert store.check() == []


@pytest.mark.parametrize("kept", [True, False], ids=["with indexes", "without indexes"])
def test_two_copies_of_an_archive_do_not_mix(
    store: LocalStore, tmp_path: Path, collection: MilvusPlace, kept: bool
) -> None:
    """They have one identity, so the one that writes takes the collection over, whole."""
    copy = copied(store, tmp_path)
    if not kept:
        shutil.rmtree(copy / "derived")
    for number, path in enumerate((copy, store.path, copy)):
        with closing(LocalStore(path, index=collection)) as one:
            write(one, number)
            assert_answers_by_its_own(one, tmp_path / f"twin{number}")


def test_a_view_gives_no_partial_answer_once_another_copy_has_written(
    store: LocalStore, tmp_path: Path, collection: MilvusPlace
) -> None:
    with (
        closing(LocalStore(copied(store, tmp_path), index=collection)) as copy,
        closing(LocalStore(store.path, index=collection)) as original,
    ):
        vector = ENCODER.encode_question("troepen")
        view = open_view(original)
        numbers = [number for number, _ in view.dense(vector, 5, None)]
        with copy.writing("test") as writer:
            writer.catalog.remove(view_ids(original, numbers))
        with pytest.raises(MilvusError, match="another copy of this archive; ask again"):
            view.dense(vector, 5, None)
        with pytest.raises(MilvusError, match="another copy of this archive; ask again"):
            view.dense_scores(vector, numbers)
        with (
            original.writing("a long ingest"),
            closing(LocalStore(store.path, index=collection)) as reader,
            pytest.raises(MilvusError, match="another copy"),
        ):
            open_view(reader).dense(vector, 5, None)
        assert_answers_by_its_own(original, tmp_path / "twin")
        assert_answers_by_its_own(copy, tmp_path / "twin of the copy")


def view_ids(store: LocalStore, numbers: list[int]) -> list[str]:
    return sorted({each.article.id for each in open_view(store).chunks(numbers)})


def test_two_copies_that_write_at_the_same_time_are_told(
    store: LocalStore, tmp_path: Path, collection: MilvusPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        closing(LocalStore(copied(store, tmp_path), index=collection)) as copy,
        closing(LocalStore(store.path, index=collection)) as original,
    ):
        upsert = MilvusCollection.upsert

        def after_the_copy(self: MilvusCollection, *what: object) -> None:
            monkeypatch.setattr(MilvusCollection, "upsert", upsert)
            write(copy, 2)
            upsert(self, *what)  # type: ignore[arg-type]

        monkeypatch.setattr(MilvusCollection, "upsert", after_the_copy)
        with pytest.raises(MilvusError, match=r"at the same time.*one collection for each copy"):
            write(original, 1)
        assert_answers_by_its_own(copy, tmp_path / "twin of the copy")
        assert_answers_by_its_own(original, tmp_path / "twin")


def test_a_folder_that_was_moved_finds_its_vectors_as_it_left_them(
    store: LocalStore, tmp_path: Path, collection: MilvusPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = results(open_view(store), *QUESTIONS)
    store.close()
    moved = store.path.rename(tmp_path / "moved")
    for method in ("rows", "upsert", "write_state"):
        monkeypatch.setattr(MilvusCollection, method, None)  # nothing is read back or written
    with closing(LocalStore(moved, index=collection)) as again:
        assert results(open_view(again), *QUESTIONS) == expected
