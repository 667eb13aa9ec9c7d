"""What several stores hold together: the very same articles, and near copies of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Generic, TypeVar

from index_store.indexes.copies import find_copies_among, find_twins
from index_store.store import IndexStore

Twins = Sequence[Sequence[int]]
_Found = TypeVar("_Found")


class StoreOverlap:
    """The overlap of some stores; it is found again when one of them has changed.

    Articles have the numbers of `UnionNumbers`. Threads may share it.
    """

    def __init__(self, stores: Sequence[IndexStore]) -> None:
        """Compare these stores, in this order."""
        self._stores = tuple(stores)
        self._twins = _Newest[Twins](stores, self._find_twins)
        self._copies = _Newest[Mapping[int, int]](stores, self._find_copies)

    def twins(self) -> Twins:
        """Return the groups of articles that several stores hold, that of the first store first."""
        return self._twins.found()

    def copies(self) -> Mapping[int, int]:
        """Return the number of the first article of its group for each near copy of another."""
        return self._copies.found()

    def _find_twins(self) -> Twins:
        return find_twins([each.catalog for each in self._stores])

    def _find_copies(self) -> Mapping[int, int]:
        for each in self._stores:
            each.copies()  # keeps the signatures of its articles
        return find_copies_among([(each.path / "derived", each.catalog) for each in self._stores])


class _Newest(Generic[_Found]):
    """What is found in the present states of some stores, kept until one of them changes."""

    def __init__(self, stores: Sequence[IndexStore], find: Callable[[], _Found]) -> None:
        self._stores = stores
        self._find = find
        self._kept: tuple[tuple[str, ...], _Found] | None = None
        self._finding = Lock()

    def found(self) -> _Found:
        with self._finding:
            states = tuple(each.catalog.identity().state for each in self._stores)
            if self._kept is None or self._kept[0] != states:
                self._kept = states, self._find()
            return self._kept[1]
