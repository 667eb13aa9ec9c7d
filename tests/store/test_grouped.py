"""Vectors in groups are found as brute force finds them, with what came and went since."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_store.indexes import grouped
from index_store.indexes.build_files import current_build
from index_store.indexes.grouped import GroupedIndex
from index_store.local import LocalStore
from index_store.records import Article
from tests.store.test_dense import brute_force, unit_vectors
from tests.store_building import make_store, news, open_view, put, results

DIMENSION = 32
COUNT = 12_000
ASKED = ("troepenopbouw", "bericht30 regel1", "gas")


def around(count: int, *, seed: int) -> NDArray[np.float32]:
    """Return vectors around sixty centres, as articles lie around the subjects of the news."""
    dice = np.random.default_rng(seed)
    rows = unit_vectors(60, seed=0, dimension=DIMENSION)[dice.integers(60, size=count)]
    rows += 0.12 * dice.standard_normal(rows.shape, dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


@pytest.fixture(scope="module")
def made() -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    return np.arange(COUNT, dtype=np.int64) * 3 + 7, around(COUNT, seed=1)


def index_of(
    numbers: NDArray[np.int64], vectors: NDArray[np.float32], folder: Path | None
) -> GroupedIndex:
    parts = np.array_split(vectors, 5)
    return GroupedIndex.made_of(numbers, iter(parts), DIMENSION, folder)


def recall(
    index: GroupedIndex,
    numbers: NDArray[np.int64],
    vectors: NDArray[np.float32],
    selected: NDArray[np.int64] | None,
) -> float:
    """Return the share of the nearest ten that is found; scores have to be exact."""
    hits = total = 0
    for question in around(25, seed=3):
        found = index.search(question, 10, selected)
        wanted = dict(brute_force(numbers, vectors, question, 10, selected))
        assert found == sorted(found, key=lambda row: (-row[1], row[0]))
        assert len(found) == len(wanted)
        common = [(number, score) for number, score in found if number in wanted]
        assert all(score == pytest.approx(wanted[number], abs=1e-5) for number, score in common)
        hits, total = hits + len(common), total + len(wanted)
    return hits / total


@pytest.mark.parametrize("share", [None, 0.9, 0.3, 0.1, 0.01])
def test_the_nearest_are_found_among_all_and_among_some(
    made: tuple[NDArray[np.int64], NDArray[np.float32]], tmp_path: Path, share: float | None
) -> None:
    numbers, vectors = made
    index = index_of(numbers, vectors, tmp_path)
    dice, selected = np.random.default_rng(2), None
    if share is not None:
        selected = np.sort(dice.choice(numbers, int(share * COUNT), replace=False))
    found = recall(index, numbers, vectors, selected)
    assert found >= 0.97
    assert share is None or share > 0.2 or found == 1


def test_what_came_and_went_since_is_searched_and_skipped(
    made: tuple[NDArray[np.int64], NDArray[np.float32]], tmp_path: Path
) -> None:
    numbers, vectors = made[0].copy(), made[1].copy()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    index_of(numbers, vectors, tmp_path / "one").save(tmp_path / "one")
    index = GroupedIndex.load(tmp_path / "one")
    gone, changed, new = numbers[:400], numbers[400:500], np.arange(5, dtype=np.int64) * 3 + 8
    index.remove(np.concatenate([gone, changed]))
    index.add(changed, vectors[:100])  # another vector under the same number
    index.add(new, vectors[100:105])
    index.remove(new[:1])
    index.save(tmp_path / "two")
    shutil.rmtree(tmp_path / "one")
    index = GroupedIndex.load(tmp_path / "two")
    vectors[400:500] = made[1][:100]
    kept = np.concatenate([numbers[400:], new[1:]])
    of_kept = np.concatenate([vectors[400:], made[1][101:105]])
    assert np.array_equal(np.sort(index.numbers()), np.sort(kept))
    assert np.array_equal(index.vectors(kept), of_kept)
    assert recall(index, kept, of_kept, None) >= 0.97
    some = np.sort(np.concatenate([gone, changed, new, numbers[5_000:9_000]]))
    assert recall(index, kept, of_kept, some) >= 0.97
    assert recall(index, kept, of_kept, np.sort(np.concatenate([gone, new]))) == 1


def test_many_are_found_where_many_are_asked_for(
    made: tuple[NDArray[np.int64], NDArray[np.float32]],
) -> None:
    numbers, vectors = made
    index = index_of(numbers, vectors, None)
    for limit in (3_000, COUNT + 1):
        found = index.search(vectors[0], limit, None)
        wanted = {number for number, _ in brute_force(numbers, vectors, vectors[0], limit, None)}
        assert len(found) == len(wanted)
        assert len(wanted.intersection(number for number, _ in found)) >= 0.97 * len(wanted)


def test_the_same_vectors_are_grouped_alike(
    made: tuple[NDArray[np.int64], NDArray[np.float32]], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        index_of(*made, tmp_path / name)
    one, two = ((tmp_path / name / grouped.GROUPS).read_bytes() for name in ("one", "two"))
    assert one == two


def test_equal_vectors_are_told_by_number(
    made: tuple[NDArray[np.int64], NDArray[np.float32]],
) -> None:
    numbers, vectors = made
    index = index_of(numbers, vectors, None)
    index.add(np.array([1, 2, 3]), np.tile(vectors[500], (3, 1)))
    found = index.search(vectors[500], 4, None)
    assert [number for number, _ in found] == [1, 2, 3, numbers[500]]


def change(store: LocalStore, articles: list[Article], *, gone: list[str] | None = None) -> None:
    with store.writing("test") as writer:
        put(writer.catalog, articles)
        writer.catalog.remove(gone or [])


def test_a_store_grows_past_the_limit_and_shrinks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the way there, a question finds what a store finds that compares all."""
    path, articles = tmp_path / "grown", list(news(60))
    make_store(path, articles[:20]).close()

    def files() -> dict[str, int]:
        build = path / "derived" / str(current_build(path / "derived"))
        return {each.name: each.stat().st_ino for each in build.iterdir()}

    assert "dense.faiss" in files()
    monkeypatch.setattr(grouped, "OFTEN_CHANGED", 0.5)
    monkeypatch.setattr(grouped, "GROUPED_ABOVE", 100)  # chunks, three an article
    with closing(LocalStore(path)) as store:
        change(store, articles[20:45])
        made = files()
        shutil.copytree(path / "derived", tmp_path / "old")
        change(store, articles[45:50])
        change(store, list(news(3, version=2)), gone=["nieuws/9", "nieuws/48"])
        assert {name: at for name, at in made.items() if name in grouped.FILES} == {
            name: at for name, at in files().items() if name in grouped.FILES
        }  # linked to, not made anew
        kept = list(store.articles())
        found = results(open_view(store), *ASKED)
        assert store.check() == []
    with closing(make_store(tmp_path / "whole", kept)) as whole:
        assert results(open_view(whole), *ASKED)[::2] == found[::2]
    shutil.rmtree(path / "derived")
    (tmp_path / "old").rename(path / "derived")  # as after a kill before they were renewed
    with closing(LocalStore(path)) as store:
        assert results(open_view(store), *ASKED)[::2] == found[::2]
        assert store.check() == []
        change(store, [], gone=[article.id for article in kept[:40]])
        assert "dense.faiss" in files()
        assert not files().keys() & set(grouped.FILES)
        assert store.check() == []


@pytest.mark.parametrize("file", [*grouped.FILES, "recent.faiss", "gone.npy"])
def test_damaged_groups_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setattr(grouped, "GROUPED_ABOVE", 50)
    with closing(make_store(tmp_path, news(20))) as store:
        expected = results(open_view(store), *ASKED)
    (found,) = (tmp_path / "derived").rglob(file)
    data = bytearray(found.read_bytes())
    data[len(data) // 2] ^= 1
    found.write_bytes(bytes(data))
    with closing(LocalStore(tmp_path)) as store:
        assert any(file in line for line in store.check())
        assert results(open_view(store), *ASKED) == expected
        assert store.check() == []
