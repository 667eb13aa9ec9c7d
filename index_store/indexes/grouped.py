"""Nearest vectors among very many: those of a few groups are compared, and then exactly.

Groups (FAISS calls them an inverted file) are made of all vectors at once, and never change. What
came since is searched beside them, and what went is skipped, so that an article more costs the same
however many there are. When that is more than a tenth, the groups are made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from math import ceil, log2, sqrt
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from index_store.indexes.build_files import link_or_copy
from index_store.indexes.dense import EXTRA, DenseIndex, as_selector
from index_store.indexes.kept_rows import KeptRows
from index_store.number_sets import is_among, places_among, union, without
from index_store.records import ArticleFilter

# More vectors than this are searched in groups: comparing all of 300,000 takes some 25 ms.
GROUPED_ABOVE = 300_000

FILES = GROUPS, NUMBERS, ROWS = "groups.faiss", "groups.numbers.npy", "groups.rows"
_RECENT, _GONE = "recent.faiss", "gone.npy"
OFTEN_CHANGED = 0.1
"""The share of the grouped vectors that may have come or gone since."""

_TRAINED_ON = 40  # vectors a group, of which the centres of the groups are made
_BATCH = 1 << 15  # vectors given to FAISS at once
# A question visits one group in so many, and more where a filter leaves a share of the vectors: the
# nearest of these are further off, in more groups. For one in sixty-four all groups are visited.
_VISITED = 8
_CANDIDATES = 2  # times as many are compared exactly as are asked for
_FEW = 2_048  # selected vectors that are all compared exactly


class GroupedIndex:
    """Vectors by chunk number, searched by inner product, with the scores of an exact index.

    Few of the nearest are missed (recall@10 is .97 or more), and none under a filter that leaves
    little.
    """

    def __init__(
        self,
        groups: Any,
        rows: KeptRows,
        *,
        recent: DenseIndex,
        gone: NDArray[np.int64],
        folder: Path | None,
    ) -> None:
        """Search what FAISS grouped, whose vectors are `rows`; files are in `folder`, if any."""
        self._groups = groups
        self._rows = rows
        self._recent = recent
        self._recent_numbers = np.sort(recent.numbers())
        self._gone = gone  # ascending; grouped, but not there any more
        self._folder = folder

    @classmethod
    def made_of(
        cls,
        numbers: NDArray[np.int64],
        vectors: Iterable[NDArray[np.float32]],
        dimension: int,
        folder: Path | None,
    ) -> GroupedIndex:
        """Group vectors, given in the order of their ascending numbers, a batch at a time.

        The same vectors are always grouped alike. With `folder`, they are written into it, and
        only those that the groups are made of are ever in memory as they are.

        Raises: OSError: the file cannot be written, for example because the disk is full.
        """
        kept: Path | bytes
        if folder is None:
            beside = BytesIO()
            _write(beside, vectors)
            kept = beside.getvalue()
        else:
            kept = folder / ROWS
            with kept.open("wb") as file:
                _write(file, vectors)
        rows = KeptRows(numbers, kept, dimension)
        groups = _grouped(rows, dimension)
        made = cls(
            groups, rows,
            recent=DenseIndex.empty(dimension), gone=numbers[:0], folder=folder,
        )  # fmt: skip
        if folder is not None:
            DenseIndex(groups).save(folder / GROUPS)
            np.save(folder / NUMBERS, numbers)
        return made

    @classmethod
    def load(cls, folder: Path) -> GroupedIndex:
        """Read an index; the caller has verified the checksums of the files."""
        groups = DenseIndex.load(folder / GROUPS).index
        numbers = np.load(folder / NUMBERS, allow_pickle=False)
        return cls(
            groups,
            KeptRows(numbers, folder / ROWS, int(groups.d)),
            recent=DenseIndex.load(folder / _RECENT),
            gone=np.load(folder / _GONE, allow_pickle=False),
            folder=folder,
        )

    def save(self, folder: Path) -> None:
        """Write the index into the folder of a build; groups that did not change are linked to.

        Raises: OSError: a file cannot be written, for example because the disk is full.
        """
        assert self._folder is not None  # noqa: S101 - what is only in memory is never saved
        if folder != self._folder:
            for name in FILES:
                link_or_copy(self._folder / name, folder / name)
        self._recent.save(folder / _RECENT)
        with (folder / _GONE).open("wb") as file:
            np.save(file, self._gone)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._groups.d)

    def serves(self, count: int, *, gone: int, new: int) -> bool:
        """Tell whether the groups serve on, if so many go and come until there are `count`."""
        changed = len(self._gone) + len(self._recent_numbers) + gone + new
        return count > GROUPED_ABOVE // 2 and changed <= OFTEN_CHANGED * len(self._rows)

    def numbers(self) -> NDArray[np.int64]:
        """Return the chunk numbers in the index, in its own order."""
        import faiss

        lists = self._groups.invlists
        parts = [
            faiss.rev_swig_ptr(lists.get_ids(group), lists.list_size(group)).copy()
            for group in range(self._groups.nlist)
            if lists.list_size(group)
        ]
        grouped = np.concatenate([self._gone[:0], *parts])
        return np.concatenate([without(grouped, self._gone), self._recent_numbers])

    def add(self, numbers: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add vectors of shape (n, dimension) under their chunk numbers."""
        self._recent.add(numbers, vectors)
        self._recent_numbers = union(self._recent_numbers, numbers)

    def remove(self, numbers: NDArray[np.int64]) -> None:
        """Remove the vectors of these chunks."""
        self._recent.remove(numbers)
        self._recent_numbers = without(self._recent_numbers, numbers)
        self._gone = union(self._gone, numbers[self._rows.places(numbers) >= 0])

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[tuple[int, float]]:
        """Search the nearest groups, and what came since: see `VectorIndex`."""
        del only
        if limit < 1 or (selected is not None and not len(selected)):
            return []
        recent = self._recent_numbers
        if selected is not None:
            recent = recent[is_among(selected, recent)]
        since = self._recent.search(vector, limit, None if selected is None else recent)
        near = self._near(vector, limit, selected)
        numbers = np.concatenate([near, np.array([row[0] for row in since], dtype=np.int64)])
        found = zip(numbers.tolist(), self._scores(vector, numbers), strict=True)
        return sorted(found, key=lambda row: (-row[1], row[0]))[:limit]

    def _near(
        self, vector: NDArray[np.float32], limit: int, selected: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        """Return the numbers of grouped vectors among which those nearest to a vector are."""
        if selected is not None and len(self._gone):
            at = places_among(selected, self._gone)
            selected = np.delete(selected, at[at >= 0])
        if selected is not None and len(selected) <= _FEW:
            return selected[self._rows.places(selected) >= 0]
        count = min(_CANDIDATES * limit + EXTRA, len(self._rows))
        share = 1.0 if selected is None else min(1.0, len(selected) / len(self._rows))
        wide = max(1 / (_VISITED * sqrt(share)), 4 * count / (share * len(self._rows)))
        return self._visited(vector, count, selected, min(1.0, wide))

    def _visited(
        self,
        vector: NDArray[np.float32],
        count: int,
        selected: NDArray[np.int64] | None,
        visited: float,
    ) -> NDArray[np.int64]:
        """Return the `count` nearest numbers of a share of the groups, or of all if too few are."""
        import faiss

        selector: Any = None
        if selected is not None:
            selector = as_selector(selected, len(self._rows))
        elif len(self._gone):
            selector = faiss.IDSelectorNot(faiss.IDSelectorBatch(self._gone))
        for groups in (ceil(visited * self._groups.nlist), self._groups.nlist):
            parameters = faiss.SearchParametersIVF(nprobe=groups, sel=selector)  # type: ignore[call-arg]
            _, found = self._groups.search(vector[np.newaxis], count, params=parameters)
            numbers: NDArray[np.int64] = found[0][found[0] >= 0]
            if len(numbers) == count:
                break
        return numbers

    def scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the inner products: see `VectorIndex`."""
        return self._scores(vector, np.array(numbers, dtype=np.int64))

    def _scores(self, vector: NDArray[np.float32], numbers: NDArray[np.int64]) -> list[float]:
        # In float64, so that equal vectors have equal scores wherever they stand.
        scores = self.vectors(numbers).astype(np.float64) @ vector.astype(np.float64)
        return [float(score) for score in scores.astype(np.float32)]

    def vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these chunks, of shape (n, dimension)."""
        found = np.empty((len(numbers), self.dimension), dtype=np.float32)
        is_recent = is_among(self._recent_numbers, numbers)
        if is_recent.any():
            found[is_recent] = self._recent.vectors(numbers[is_recent])
        found[~is_recent] = self._rows.at(self._rows.places(numbers[~is_recent]))
        return found


def group_count(count: int) -> int:
    """Return into how many groups so many vectors go: about twice the root, a power of two.

    >>> [group_count(count) for count in (3_000, 300_000, 1_000_000, 10_000_000)]
    [128, 1024, 2048, 8192]
    """
    return 1 << round(log2(2 * sqrt(max(count, 1))))


def _write(file: IO[bytes], vectors: Iterable[NDArray[np.float32]]) -> None:
    for part in vectors:
        file.write(part.astype(np.float16).tobytes())


def _grouped(rows: KeptRows, dimension: int) -> Any:
    """Return the groups of all rows, made of the same rows in the same way each time."""
    import faiss

    groups = group_count(len(rows))
    index: Any = faiss.index_factory(dimension, f"IVF{groups},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1  # or FAISS warns on standard error of small archives
    sample = min(len(rows), _TRAINED_ON * groups)
    index.train(rows.at(np.linspace(0, len(rows) - 1, sample).astype(np.int64)))
    for start in range(0, len(rows), _BATCH):
        places = np.arange(start, min(start + _BATCH, len(rows)))
        index.add_with_ids(rows.at(places), rows.numbers[places])
    return index
