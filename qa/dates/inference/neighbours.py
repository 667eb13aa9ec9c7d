"""Finds the dated articles nearest to an undated one, by the vectors of their chunks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_store.records import Article

MOST_NEIGHBOURS = 8
# So many of the nearest are read; which of them tell the same story, their words decide.
MOST_CANDIDATES = 32
# How many vectors of undated articles are held against a block of others at once.
ROWS_AT_ONCE = 1024

Block = tuple[NDArray[np.int64], NDArray[np.float32]]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A dated article that tells the same story, with its similarity (0–1) in names and rare words.

    Only stated dates and dates set by hand count.
    """

    article: Article
    similarity: float


def nearest_articles(
    read: Callable[[], Iterable[Block]], undated: Collection[int]
) -> dict[int, list[int]]:
    """Return the numbers of the dated articles nearest to each undated article, best first.

    `read` gives the unit vectors of all chunks in blocks of whole articles, with the number of the
    article of each row, ascending. The similarity of two articles is the mean, over the chunks of
    the shorter article, of the best cosine with a chunk of the longer one: a long article tells
    other stories too. The mean cosine is not subtracted, because an article of another story would
    then move all similarities.

    >>> one, two, three = np.eye(3, dtype=np.float32)
    >>> blocks = [(np.array([7, 8, 9]), np.stack([one, two, one]))]
    >>> nearest_articles(lambda: blocks, [7])
    {7: [9, 8]}
    """
    groups = _gather(read, np.array(sorted(undated), np.int64))
    for owners, vectors in read():
        dated = np.isin(owners, list(undated), invert=True)
        if dated.any():
            others, starts = np.unique(owners[dated], return_index=True)
            for group in groups:
                group.hold_against(others, starts, vectors[dated])
    return {number: near for group in groups for number, near in group.found()}


def _gather(read: Callable[[], Iterable[Block]], undated: Numbers) -> list[_Group]:
    """Return the undated articles in groups."""
    groups: list[_Group] = []
    part: list[tuple[int, NDArray[np.float32]]] = []
    rows = 0
    for owners, vectors in read():
        for number in np.intersect1d(owners, undated):
            of_article = vectors[owners == number]
            if part and rows + len(of_article) > ROWS_AT_ONCE:
                groups.append(_Group(part))
                part, rows = [], 0
            part.append((int(number), of_article))
            rows += len(of_article)
    return [*groups, _Group(part)] if part else groups


class _Group:
    """Some undated articles, and the dated articles nearest to each so far."""

    def __init__(self, articles: list[tuple[int, NDArray[np.float32]]]) -> None:
        self.numbers = [number for number, _ in articles]
        lengths = [len(vectors) for _, vectors in articles]
        self.starts = np.cumsum([0, *lengths[:-1]])
        self.vectors = np.concatenate([vectors for _, vectors in articles])
        self.best = np.full((len(articles), MOST_CANDIDATES), -np.inf, np.float32)
        self.nearest = np.zeros((len(articles), MOST_CANDIDATES), np.int64)

    def hold_against(
        self, others: Numbers, starts: NDArray[np.intp], vectors: NDArray[np.float32]
    ) -> None:
        scores = similarities(self.vectors @ vectors.T, self.starts, starts)
        scores = np.concatenate([self.best, scores], axis=1)
        nearest = np.broadcast_to(others, (len(self.numbers), len(others)))
        nearest = np.concatenate([self.nearest, nearest], axis=1)
        # Stable, and in ascending order of numbers: what ties keeps it.
        order = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_CANDIDATES]
        self.best = np.take_along_axis(scores, order, axis=1)
        self.nearest = np.take_along_axis(nearest, order, axis=1)

    def found(self) -> Iterable[tuple[int, list[int]]]:
        for number, scores, nearest in zip(self.numbers, self.best, self.nearest, strict=True):
            yield number, nearest[np.isfinite(scores)].tolist()


def similarities(
    cosines: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return the similarity of articles from the cosines of their chunks.

    `rows` and `columns` hold the indices where the chunks of each article start.
    """
    row_counts = np.diff(rows, append=len(cosines))[:, np.newaxis]
    column_counts = np.diff(columns, append=cosines.shape[1])
    best_of_rows = np.maximum.reduceat(cosines, columns, axis=1)
    best_of_columns = np.maximum.reduceat(cosines, rows, axis=0)
    by_rows = np.add.reduceat(best_of_rows, rows, axis=0) / row_counts
    by_columns = np.add.reduceat(best_of_columns, columns, axis=1) / column_counts
    return np.where(row_counts <= column_counts, by_rows, by_columns)
