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
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=50),
    undated=st.sets(st.integers(0, 49), max_size=14),
    per_block=st.integers(1, 6),
    seed=st.integers(0, 999),
)
def test_they_are_those_of_counting_pair_by_pair(
    lengths: list[int], undated: set[int], per_block: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    articles = [unit(chance.normal(size=(length, 6))) for length in lengths]
    asked = undated & set(range(len(articles)))

    def read() -> Iterator[neighbours.Block]:
        for at in range(0, len(articles), per_block):
            part = range(at, min(at + per_block, len(articles)))
            owners = np.repeat(np.array(part), lengths[at : at + per_block])
            yield owners, np.concatenate([articles[number] for number in part])

    found = nearest_articles(read, asked)
    assert found.keys() == asked
    for number, near in found.items():
        scores = {
            other: similarity(articles[number], articles[other])
            for other in range(len(articles))
            if other not in asked
        }
        best = sorted(scores.values(), reverse=True)[: neighbours.MOST_CANDIDATES]
        assert len(set(near)) == len(near)
        assert np.allclose([scores[other] for other in near], best, atol=1e-5)


def test_many_undated_articles_are_held_against_others_in_parts(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(60, 8)).astype(np.float32)
    blocks = [(np.arange(60) // 2, vectors)]
    whole = nearest_articles(lambda: blocks, range(10))
    monkeypatch.setattr(neighbours, "ROWS_AT_ONCE", 5)
    assert nearest_articles(lambda: blocks, range(10)) == whole
