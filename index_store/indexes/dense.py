"""Nearest vectors: a FAISS index over the embeddings, derived from the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.records import ArticleFilter

EXTRA = 64  # further rows fetched at first, for ties at the edge
# A filter is a bit for each number, which costs FAISS up to three times less than a set of
# numbers; only where most numbers are those of chunks that are gone, the set is smaller.
_BITS_A_ROW = 64


class DenseIndex:
    """Vectors by chunk number, searched by inner product (cosine for unit vectors)."""

    def __init__(self, index: Any) -> None:
        """Search an index of FAISS that has numbers."""
        self.index = index

    @classmethod
    def empty(cls, dimension: int) -> DenseIndex:
        """Make an index without vectors.

        An exact scan over float16 keeps full recall under any filter. Graph indexes lose half of
        theirs when a date range leaves one row in a hundred.
        """
        import faiss

        return cls(faiss.index_factory(dimension, "IDMap2,SQfp16", faiss.METRIC_INNER_PRODUCT))

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Read an index; the caller has verified the file's checksum."""
        import faiss

        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write the index to a new file.

        Raises: OSError: the file cannot be written, for example because the disk is full.
        """
        import faiss

        try:
            faiss.write_index(self.index, str(path))
        except RuntimeError as error:
            raise OSError(str(error)) from error

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.index.d)

    def numbers(self) -> NDArray[np.int64]:
        """Return the chunk numbers in the index, in its own order."""
        import faiss

        numbers: NDArray[np.int64] = faiss.vector_to_array(self.index.id_map)
        return numbers

    def add(self, numbers: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add vectors of shape (n, dimension) under their chunk numbers."""
        if len(numbers):
            self.index.add_with_ids(vectors, numbers)

    def remove(self, numbers: NDArray[np.int64]) -> None:
        """Remove the vectors of these chunks."""
        if len(numbers):
            self.index.remove_ids(numbers)

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[tuple[int, float]]:
        """Scan what is selected, so that a narrow filter loses nothing: see `VectorIndex`."""
        import faiss

        del only
        total = self.index.ntotal if selected is None else len(selected)
        if total == 0 or limit < 1:
            return []
        selector = None if selected is None else as_selector(selected, self.index.ntotal)
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        count = limit + EXTRA
        while True:
            scores, numbers = self.index.search(
                vector[np.newaxis], min(count, total), params=parameters
            )
            pairs = zip(numbers[0].tolist(), scores[0].tolist(), strict=True)
            found = [(number, score) for number, score in pairs if number >= 0]
            is_all = count >= total or len(found) < count
            if not is_all:
                # Which of the rows that tie with the last one were fetched is chance.
                found = [row for row in found if row[1] > found[-1][1]]
            if is_all or len(found) >= limit:
                return sorted(found, key=lambda row: (-row[1], row[0]))[:limit]
            count *= 4

    def scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the inner products: see `VectorIndex`."""
        if not numbers:
            return []
        rows = self.vectors(np.array(numbers, dtype=np.int64))
        return [float(score) for score in rows @ vector]

    def vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these chunks, of shape (n, dimension)."""
        rows: NDArray[np.float32] = self.index.reconstruct_batch(numbers)
        return rows


def as_selector(numbers: NDArray[np.int64], total: int) -> Any:
    """Return what FAISS asks whether a number is among some, of an index of `total` vectors."""
    import faiss

    if numbers.max() >= _BITS_A_ROW * total:
        return faiss.IDSelectorBatch(numbers)
    return faiss.IDSelectorBitmap(_as_bits(numbers))  # type: ignore[call-arg,arg-type]


def _as_bits(numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return a bit for each number up to the highest, eight to a byte, the lowest first.

    >>> _as_bits(np.array([1, 9])).tolist()
    [2, 2]
    """
    is_there = np.zeros(int(numbers.max()) + 1, dtype=np.bool_)
    is_there[numbers] = True
    return np.packbits(is_there, bitorder="little")
