"""What the index of vectors alone costs, and what it finds, without making articles for it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store.indexes import grouped
from index_store.indexes.dense import DenseIndex
from index_store.indexes.grouped import GroupedIndex
from qa.evaluation.progress import counted, reach
from qa.evaluation.speed.made_archives import made_articles
from qa.evaluation.speed.made_stores import indexed
from qa.models.encoder import Encoder

_REALLY_ENCODED = 512  # chunks; all vectors lie around these
_TURN = 0.3  # length of what is added to a real vector to make another
_SHARES = (1.0, 0.9, 0.1, 0.05, 0.01)
_LIMIT = 100  # vectors that a search returns
_BEST = 10  # of them, those whose recall is told
_WARM_UP = 3
_BATCH = 20_000
_ONE_ARTICLE = 5  # vectors of an article more


@dataclass(frozen=True, slots=True)
class VectorSearches:
    """Searches among a share (0–1) of the vectors: times, and the share of the best ten found."""

    share: float
    p50_ms: float
    p95_ms: float
    recall: float


@dataclass(frozen=True, slots=True)
class VectorFigures:
    """What an index of so many vectors costs; all times are those of the processor.

    `memory_mb` is what a process takes that has done all searches, files that it maps included;
    `None` where the system does not tell it. `update_seconds` is the time to load the index, add an
    article and write what changed.
    """

    vectors: int
    groups: int
    build_seconds: float
    bytes_per_vector: float
    open_seconds: float
    memory_mb: float | None
    searches: tuple[VectorSearches, ...]
    update_seconds: float


@dataclass(frozen=True, slots=True)
class _Searched:
    open_seconds: float
    memory_mb: float | None
    milliseconds: list[list[float]]  # of each share, of each question
    found: list[list[list[int]]]


def bench_vectors(
    folder: Path, sizes: Sequence[int], *, encoder: Encoder, questions: int
) -> Iterator[VectorFigures]:
    """Measure an index of each size in a new folder; vectors are a mixture around real ones."""
    every = chain.from_iterable(indexed(each).inputs for each in made_articles())
    real = encoder.encode_passages(list(islice(every, _REALLY_ENCODED)))
    asked = [each.question for each in islice(made_articles(), _WARM_UP + questions)]
    vectors = np.stack([encoder.encode_question(each) for each in asked])
    for count in sizes:
        yield _measured(folder / f"vectors-{count}", real, count, vectors)


def _measured(
    folder: Path, real: NDArray[np.float32], count: int, questions: NDArray[np.float32]
) -> VectorFigures:
    folder.mkdir()
    scores = np.empty((count, len(questions)), dtype=np.float32)
    started = time.process_time()
    with counted("making vectors", unit="vectors", total=count) as bar:

        def scored() -> Iterator[NDArray[np.float32]]:
            for at, made in _made(real, count):
                part = made.astype(np.float16).astype(np.float32)
                scores[at : at + len(part)] = part @ questions.T
                reach(bar, at + len(part))
                yield part

        groups = _build(folder, count, scored(), real.shape[1])
    build_seconds = time.process_time() - started
    size = sum(file.stat().st_size for file in folder.iterdir())
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # with memory of its own
        done = pool.submit(_search_all, folder, count, questions).result()
        update_seconds = pool.submit(_update, folder, count, questions[0]).result()
    searches = tuple(
        VectorSearches(
            share,
            float(np.median(times[_WARM_UP:])),
            float(np.percentile(times[_WARM_UP:], 95)),
            _recall(scores, _selected(count, share), found),
        )
        for share, times, found in zip(_SHARES, done.milliseconds, done.found, strict=True)
    )
    return VectorFigures(
        count, groups, build_seconds, size / count,
        done.open_seconds, done.memory_mb, searches, update_seconds,
    )  # fmt: skip


def _made(real: NDArray[np.float32], count: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield a mixture of Gaussians with the covariance of the real vectors, in batches."""
    dice = np.random.default_rng(0)
    spread = real - real.mean(axis=0)
    for at in range(0, count, _BATCH):
        size = min(_BATCH, count - at)
        turn = dice.standard_normal((size, len(real)), dtype=np.float32) @ spread
        turn *= _TURN / np.linalg.norm(turn, axis=1, keepdims=True)
        made = real[dice.integers(len(real), size=size)] + turn
        yield at, made / np.linalg.norm(made, axis=1, keepdims=True)


def _build(folder: Path, count: int, vectors: Iterator[NDArray[np.float32]], dimension: int) -> int:
    """Write the index that an archive of this size gets; return its number of groups, or 0."""
    numbers = np.arange(count, dtype=np.int64)
    if count > grouped.GROUPED_ABOVE:
        GroupedIndex.made_of(numbers, vectors, dimension, folder).save(folder)
        return grouped.group_count(count)
    index = DenseIndex.empty(dimension)
    at = 0
    for part in vectors:
        index.add(numbers[at : at + len(part)], part)
        at += len(part)
    index.save(folder / "dense.faiss")
    return 0


def _load(folder: Path) -> DenseIndex | GroupedIndex:
    file = folder / "dense.faiss"
    return DenseIndex.load(file) if file.exists() else GroupedIndex.load(folder)


def _selected(count: int, share: float) -> NDArray[np.int64] | None:
    if share == 1:
        return None
    chosen = np.random.default_rng(1).choice(count, max(1, int(share * count)), replace=False)
    return np.sort(chosen)


def _search_all(folder: Path, count: int, questions: NDArray[np.float32]) -> _Searched:
    started = time.process_time()
    index = _load(folder)
    opened = time.process_time() - started
    taken: list[list[float]] = []
    found: list[list[list[int]]] = []
    for share in _SHARES:
        selected = _selected(count, share)
        taken.append([])
        found.append([])
        for vector in questions:
            started = time.process_time()
            rows = index.search(vector, _LIMIT, selected)
            taken[-1].append(1000 * (time.process_time() - started))
            found[-1].append([number for number, _ in rows[:_BEST]])
    return _Searched(opened, _memory_mb(), taken, found)


def _memory_mb() -> float | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _update(folder: Path, count: int, vector: NDArray[np.float32]) -> float:
    started = time.process_time()
    index = _load(folder)
    index.add(np.arange(_ONE_ARTICLE, dtype=np.int64) + count, np.tile(vector, (_ONE_ARTICLE, 1)))
    after = folder / "after"
    after.mkdir()
    index.save(after / "dense.faiss" if isinstance(index, DenseIndex) else after)
    return time.process_time() - started


def _recall(
    scores: NDArray[np.float32], selected: NDArray[np.int64] | None, found: list[list[int]]
) -> float:
    """Return the share of the best ten by brute force that was found; ties count as found."""
    hits = total = 0
    for of_all, numbers in zip(scores.T, found, strict=True):
        among = of_all if selected is None else of_all[selected]
        best = np.sort(np.partition(among, -min(_BEST, len(among)))[-_BEST:])
        hits += int((of_all[numbers] >= best[0] - 1e-6).sum())
        total += len(best)
    return hits / total
