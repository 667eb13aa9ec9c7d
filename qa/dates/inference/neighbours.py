"""Finds the dated articles nearest to an undated one, by the vectors of their chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.nearest import Nearest
from index_store.number_sets import distinct
from index_store.records import Article

MOST_NEIGHBOURS = 8
# So many of the nearest are read; which of them tell the same story, their words decide.
MOST_CANDIDATES = 32
# So many are kept for the next time, so that an article that goes away leaves enough of them.
MOST_KEPT = 2 * MOST_CANDIDATES
# How many vectors of undated articles are held against a block of others at once.
ROWS_AT_ONCE = 1024
_STEPS = 2.0**24  # in which a cosine is counted from 0 to 1

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
    undated: Iterable[Block], dated: Iterable[Block], known: Mapping[int, Nearest] | None = None
) -> dict[int, Nearest]:
    """Return the dated articles nearest to each undated one.

    Both come as the unit vectors of their chunks, in blocks of whole articles, with the number of
    the article of each row, ascending. `known` has, for some of the undated articles, what is known
    of all other dated articles.

    The similarity of two articles is the mean, over the chunks of the shorter article, of the best
    cosine with a chunk of the longer one: a long article tells other stories too. The mean cosine
    is not subtracted, because an article of another story would then move all similarities. A
    cosine counts 24 bits, so that it does not depend on what else is in a block.

    >>> one, two, three = np.eye(3, dtype=np.float32)
    >>> dated = [(np.array([8, 9]), np.stack([two, one]))]
    >>> nearest_articles([(np.array([7]), one[np.newaxis])], dated)[7].numbers
    (9, 8)
    """
    groups = [_Group(part, known or {}) for part in _in_parts(undated)]
    for owners, vectors in dated:
        others, starts = np.unique(owners, return_index=True)  # noqa: TID251 - it sorts for this
        columns = vectors.T.astype(np.float64)
        for group in groups:
            group.hold_against(others, starts, columns)
    return {number: near for group in groups for number, near in group.found()}


def _in_parts(undated: Iterable[Block]) -> Iterator[list[tuple[int, NDArray[np.float32]]]]:
    """Yield the vectors of each article, in parts of not too many rows."""
    part: list[tuple[int, NDArray[np.float32]]] = []
    rows = 0
    for owners, vectors in undated:
        for number in distinct(owners):
            of_article = vectors[owners == number]
            if part and rows + len(of_article) > ROWS_AT_ONCE:
                yield part
                part, rows = [], 0
            part.append((int(number), of_article))
            rows += len(of_article)
    if part:
        yield part


class _Group:
    """Some undated articles, and the dated articles nearest to each so far.

    Beyond its bound nothing is known of an article; without one, it is minus infinity.
    """

    def __init__(
        self, articles: list[tuple[int, NDArray[np.float32]]], known: Mapping[int, Nearest]
    ) -> None:
        self.numbers = [number for number, _ in articles]
        lengths = [len(vectors) for _, vectors in articles]
        self.starts = np.cumsum([0, *lengths[:-1]])
        # The sum of products of float16 is exact in float64, in whatever order it is made.
        self.vectors = np.concatenate([vectors for _, vectors in articles]).astype(np.float64)
        self.best = np.full((len(articles), MOST_KEPT), -np.inf)
        self.nearest = np.zeros((len(articles), MOST_KEPT), np.int64)
        self.bounds = np.full(len(articles), -np.inf)
        self.last = np.zeros(len(articles), np.int64)  # the numbers that stand at the bounds
        for row, number in enumerate(self.numbers):
            near = known.get(number, Nearest())
            self.best[row, : len(near.numbers)] = near.similarities
            self.nearest[row, : len(near.numbers)] = near.numbers
            if near.bound is not None:
                self.bounds[row], self.last[row] = near.bound

    def hold_against(
        self, others: Numbers, starts: NDArray[np.intp], columns: NDArray[np.float64]
    ) -> None:
        cosines = np.rint(self.vectors @ columns * _STEPS)
        scores = similarities(cosines, self.starts, starts) / _STEPS
        bounds, last = self.bounds[:, np.newaxis], self.last[:, np.newaxis]
        counts = (scores > bounds) | ((scores == bounds) & (others <= last))
        is_near = counts.any(axis=0)
        if not is_near.any():
            return
        scores = np.where(counts, scores, -np.inf)[:, is_near]
        scores = np.concatenate([self.best, scores], axis=1)
        nearest = np.broadcast_to(others[is_near], (len(self.numbers), is_near.sum()))
        nearest = np.concatenate([self.nearest, nearest], axis=1)
        order = np.lexsort((nearest, -scores), axis=1)[:, : MOST_KEPT + 1]
        scores = np.take_along_axis(scores, order, axis=1)
        self.best = scores[:, :MOST_KEPT]
        self.nearest = np.take_along_axis(nearest, order, axis=1)[:, :MOST_KEPT]
        is_cut = np.isfinite(scores[:, MOST_KEPT:]).any(axis=1)
        self.bounds = np.where(is_cut, self.best[:, -1], self.bounds)
        self.last = np.where(is_cut, self.nearest[:, -1], self.last)

    def found(self) -> Iterable[tuple[int, Nearest]]:
        for row, number in enumerate(self.numbers):
            is_there = np.isfinite(self.best[row])
            bound = (float(self.bounds[row]), int(self.last[row]))
            yield (
                number,
                Nearest(
                    tuple(self.nearest[row, is_there].tolist()),
                    tuple(self.best[row, is_there].tolist()),
                    bound if np.isfinite(bound[0]) else None,
                ),
            )


def similarities(
    cosines: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
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
