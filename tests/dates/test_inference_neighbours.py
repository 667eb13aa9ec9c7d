"""Which dated articles lie nearest to undated ones: held against counting pair by pair."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.dates.inference import nearest_articles, neighbours

Vectors = NDArray[np.float32]


def unit(vectors: NDArray[np.float64]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def similarity(one: Vectors, other: Vectors) -> float:
    short, long = sorted((one, other), key=len)
    cosines = [
        max(float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b))) for b in long) for a in short
    ]
    return sum(cosines) / len(cosines)


@settings(max_examples=30, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=90),
    undated=st.sets(st.integers(0, 89), max_size=14),
    per_block=st.integers(1, 6),
    seed=st.integers(0, 999),
)
def test_they_are_those_of_counting_pair_by_pair(
    lengths: list[int], undated: set[int], per_block: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    articles = [unit(chance.normal(size=(length, 6))) for length in lengths]
    asked = undated & set(range(len(articles)))

    def blocks(numbers: list[int]) -> Iterator[neighbours.Block]:
        for at in range(0, len(numbers), per_block):
            part = numbers[at : at + per_block]
            owners = np.repeat(np.array(part), [lengths[number] for number in part])
            yield owners, np.concatenate([articles[number] for number in part])

    dated = [number for number in range(len(articles)) if number not in asked]
    found = nearest_articles(blocks(sorted(asked)), blocks(dated))
    assert found.keys() == asked
    half = nearest_articles(blocks(sorted(asked)), blocks(dated[::2]))
    assert nearest_articles(blocks(sorted(asked)), blocks(dated[1::2]), half) == found
    for number, nearest in found.items():
        near = nearest.numbers
        scores = {
            other: similarity(articles[number], articles[other])
            for other in range(len(articles))
            if other not in asked
        }
        best = sorted(scores.values(), reverse=True)[: neighbours.MOST_KEPT]
        assert len(set(near)) == len(near)
        assert np.allclose([scores[other] for other in near], best, atol=1e-5)


def test_many_undated_articles_are_held_against_others_in_parts(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(60, 8)).astype(np.float32)
    undated, dated = [(np.arange(20) // 2, vectors[:20])], [(np.arange(20, 60) // 2, vectors[20:])]
    whole = nearest_articles(undated, dated)
    monkeypatch.setattr(neighbours, "ROWS_AT_ONCE", 5)
    assert nearest_articles(undated, dated) == whole
