from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index_store.indexes.dense import DenseIndex

DIMENSION = 16


def unit_vectors(count: int, *, seed: int = 1, dimension: int = DIMENSION) -> NDArray[np.float32]:
    """Return vectors as the catalog keeps them: float16 values in float32."""
    rows = np.random.default_rng(seed).normal(size=(count, dimension))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


def filled(numbers: NDArray[np.int64], vectors: NDArray[np.float32]) -> DenseIndex:
    index = DenseIndex.empty(vectors.shape[1])
    index.add(numbers, vectors)
    return index


def brute_force(
    numbers: NDArray[np.int64],
    vectors: NDArray[np.float32],
    vector: NDArray[np.float32],
    limit: int,
    allowed: NDArray[np.int64] | None,
) -> list[tuple[int, float]]:
    """Return the same as a search, by scoring everything, then filtering, then sorting."""
    scores = (vectors.astype(np.float64) @ vector.astype(np.float64)).tolist()
    among = None if allowed is None else set(allowed.tolist())
    rows = [
        (number, score)
        for number, score in zip(numbers.tolist(), scores, strict=True)
        if among is None or number in among
    ]
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:limit]


def assert_same(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [number for number, _ in found] == [number for number, _ in expected]
    scores = [score for _, score in expected]
    assert [score for _, score in found] == pytest.approx(scores, abs=1e-5)


@pytest.mark.parametrize("share", [None, 1.0, 0.5, 0.01])
def test_search_equals_brute_force(share: float | None) -> None:
    count = 5000
    numbers = np.arange(count, dtype=np.int64) * 3 + 7
    vectors = unit_vectors(count)
    index = filled(numbers, vectors)
    random = np.random.default_rng(2)
    allowed = None
    if share is not None:
        allowed = np.sort(random.choice(numbers, int(count * share), replace=False))
    for question in unit_vectors(10, seed=3):
        for limit in (1, 10, 80):
            found = index.search(question, limit, allowed)
            assert_same(found, brute_force(numbers, vectors, question, limit, allowed))


@pytest.mark.parametrize("copies", [3, 100, 3000])
def test_ties_are_broken_by_number_however_many_there_are(copies: int) -> None:
    vectors = np.vstack([np.tile(unit_vectors(1), (copies, 1)), unit_vectors(50, seed=5)])
    numbers = np.random.default_rng(1).permutation(len(vectors)).astype(np.int64)
    found = filled(numbers, vectors).search(vectors[0], 3, None)
    assert [number for number, _ in found] == sorted(numbers[:copies].tolist())[:3]
    allowed = np.sort(numbers[: copies // 2 + 1])
    found = filled(numbers, vectors).search(vectors[0], 2, allowed)
    assert [number for number, _ in found] == allowed[:2].tolist()


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 30), max_size=12)), max_size=8),
    limit=st.integers(1, 40),
    allowed=st.none() | st.sets(st.integers(0, 40)),
)
def test_what_is_added_and_removed_is_what_is_searched(
    steps: list[tuple[bool, set[int]]], limit: int, allowed: set[int] | None
) -> None:
    everything = unit_vectors(31)
    index = DenseIndex.empty(DIMENSION)
    present: set[int] = set()
    for adding, chosen in steps:
        changed = chosen - present if adding else chosen & present
        numbers = np.array(sorted(changed), np.int64)
        if adding:
            index.add(numbers, everything[numbers])
            present |= changed
        else:
            index.remove(numbers)
            present -= changed
    numbers = np.array(sorted(present), np.int64)
    assert sorted(index.numbers().tolist()) == numbers.tolist()
    selected = None if allowed is None else np.array(sorted(allowed), np.int64)
    question = unit_vectors(1, seed=9)[0]
    expected = brute_force(numbers, everything[numbers], question, limit, selected)
    assert_same(index.search(question, limit, selected), expected)
    scores = index.scores(question, [number for number, _ in expected])
    assert scores == pytest.approx([score for _, score in expected], abs=1e-5)


def test_a_saved_index_is_the_same_index(tmp_path: Path) -> None:
    numbers = np.array([5, 9, 2**40, 3], np.int64)
    vectors = unit_vectors(4)
    index = filled(numbers, vectors)
    index.remove(np.array([9], np.int64))
    index.save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss")
    assert loaded.numbers().tolist() == index.numbers().tolist()
    assert loaded.dimension == DIMENSION
    question = vectors[1]
    assert loaded.search(question, 9, None) == index.search(question, 9, None)
    far = np.array([3, 2**40], np.int64)  # no filter of a bit a number
    assert_same(
        loaded.search(question, 9, far), brute_force(far, vectors[[3, 2]], question, 9, far)
    )
    loaded.add(np.array([10], np.int64), vectors[1:2])
    assert loaded.search(question, 1, None)[0][0] == 10
    assert loaded.scores(question, [10, 3]) == pytest.approx(
        [vectors[1] @ question, vectors[3] @ question], abs=1e-5
    )


def test_nothing_is_found_in_nothing() -> None:
    question = unit_vectors(1)[0]
    empty = DenseIndex.empty(DIMENSION)
    assert empty.search(question, 5, None) == []
    assert empty.search(question, 5, np.array([1, 2], np.int64)) == []
    index = filled(np.array([1], np.int64), unit_vectors(1))
    assert index.search(question, 5, np.array([], np.int64)) == []
    assert index.search(question, 5, np.array([2], np.int64)) == []
    assert index.search(question, 0, None) == []
    assert index.scores(question, []) == []
