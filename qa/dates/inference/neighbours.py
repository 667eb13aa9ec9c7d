"""Which dated articles tell the same story as an undated one, from the vectors of their chunks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_store.records import Article

MOST_NEIGHBOURS = 8
# How many vectors of undated articles are held against a block of others at once.
ROWS_AT_ONCE = 1024
# The mean moves a little with every article that comes; so little is no reason to infer anew.
_DIGITS = 2

Block = tuple[NDArray[np.int64], NDArray[np.float32]]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A dated article that tells the same story, with its similarity (0–1).

    The similarity is that of `nearest_stories`, in which articles of other stories lie near 0,
    whatever the encoder; only the stated and the corrected dates of neighbours are used.
    """

    article: Article
    similarity: float


def nearest_stories(
    read: Callable[[], Iterable[Block]], undated: Collection[int]
) -> dict[int, list[tuple[int, float]]]:
    """Return for each undated article the numbers of the dated ones nearest to it, best first.

    `read` gives the unit vectors of all chunks in blocks of whole articles, by ascending number
    of the article that each row is of. What all vectors have in common, their mean, is taken
    away, as else even strangers have a cosine near 0.9 with encoders such as E5. Of each chunk of
    the shorter article the best match in the longer one counts, and of these the mean, for a long
    article tells other stories too: 0 is another story, 1 the same words.

    >>> one, two, three = np.eye(3, dtype=np.float32)
    >>> blocks = [(np.array([7, 8, 9]), np.stack([one, two, one]))]
    >>> nearest_stories(lambda: blocks, [7])
    {7: [(9, 1.0)]}
    """
    mean, groups = _gather(read, np.array(sorted(undated), np.int64))
    for owners, vectors in read():
        dated = np.isin(owners, list(undated), invert=True)
        if dated.any():
            others, starts = np.unique(owners[dated], return_index=True)
            centred = _centred(vectors[dated], mean)
            for group in groups:
                group.hold_against(others, starts, centred)
    return {number: near for group in groups for number, near in group.found()}


def _gather(
    read: Callable[[], Iterable[Block]], undated: Numbers
) -> tuple[NDArray[np.float32], list[_Group]]:
    """Return the mean of all vectors, and the undated articles in groups."""
    total, count = np.zeros(1), 0
    own: list[tuple[int, NDArray[np.float32]]] = []
    for owners, vectors in read():
        total, count = total + vectors.sum(axis=0, dtype=np.float64), count + len(vectors)
        of_block = np.intersect1d(owners, undated)
        own += [(int(number), vectors[owners == number]) for number in of_block]
    mean = (total / max(count, 1)).astype(np.float32)
    groups: list[_Group] = []
    part: list[tuple[int, NDArray[np.float32]]] = []
    rows = 0
    for number, of_article in own:
        if part and rows + len(of_article) > ROWS_AT_ONCE:
            groups.append(_Group(part, mean))
            part, rows = [], 0
        part.append((number, of_article))
        rows += len(of_article)
    if part:
        groups.append(_Group(part, mean))
    return mean, groups


class _Group:
    """Some undated articles, and the nearest dated ones to each so far."""

    def __init__(
        self, articles: list[tuple[int, NDArray[np.float32]]], mean: NDArray[np.float32]
    ) -> None:
        self.numbers = [number for number, _ in articles]
        lengths = [len(vectors) for _, vectors in articles]
        self.starts = np.cumsum([0, *lengths[:-1]])
        self.vectors = _centred(np.concatenate([vectors for _, vectors in articles]), mean)
        self.best = np.zeros((len(articles), MOST_NEIGHBOURS), np.float32)
        self.nearest = np.zeros((len(articles), MOST_NEIGHBOURS), np.int64)

    def hold_against(
        self, others: Numbers, starts: NDArray[np.intp], vectors: NDArray[np.float32]
    ) -> None:
        scores = similarities(self.vectors @ vectors.T, self.starts, starts)
        scores = np.concatenate([self.best, scores], axis=1)
        nearest = np.broadcast_to(others, (len(self.numbers), len(others)))
        nearest = np.concatenate([self.nearest, nearest], axis=1)
        # Stable, and in ascending order of numbers: what ties keeps it.
        order = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_NEIGHBOURS]
        self.best = np.take_along_axis(scores, order, axis=1)
        self.nearest = np.take_along_axis(nearest, order, axis=1)

    def found(self) -> Iterable[tuple[int, list[tuple[int, float]]]]:
        for number, scores, nearest in zip(self.numbers, self.best, self.nearest, strict=True):
            rounded = [round(float(score), _DIGITS) for score in scores]
            pairs = zip(nearest.tolist(), rounded, strict=True)
            yield number, [(other, score) for other, score in pairs if score > 0]


def similarities(
    cosines: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return the similarity of articles from the cosines of their chunks.

    `rows` and `columns` tell where the chunks of each article start.
    """
    row_counts = np.diff(rows, append=len(cosines))[:, np.newaxis]
    column_counts = np.diff(columns, append=cosines.shape[1])
    best_of_rows = np.maximum.reduceat(cosines, columns, axis=1)
    best_of_columns = np.maximum.reduceat(cosines, rows, axis=0)
    by_rows = np.add.reduceat(best_of_rows, rows, axis=0) / row_counts
    by_columns = np.add.reduceat(best_of_columns, columns, axis=1) / column_counts
    return np.clip(np.where(row_counts <= column_counts, by_rows, by_columns), 0, 1)


def _centred(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    moved = vectors - mean
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12))
