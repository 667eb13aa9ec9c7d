"""The numbers and ids by which what several stores hold is told apart in their union."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# It comes before every sign that an id can have, so that ids are in the order that they have alone.
_MARK = "\x1f"


@dataclass(frozen=True, slots=True)
class UnionNumbers:
    """Numbers of articles, or of chunks, in a union of `count` stores.

    >>> numbers = UnionNumbers(2)
    >>> numbers.of(1, [3, 4]).tolist(), [each.tolist() for each in numbers.by_store([7, 9, 2])]
    ([7, 9], [[1], [3, 4]])
    """

    count: int

    def of(self, store: int, own: Iterable[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers in the union of what has the numbers `own` in one of the stores."""
        return _array(own) * self.count + store

    def one(self, store: int, own: int) -> int:
        """Return the number in the union of what has the number `own` in one of the stores."""
        return own * self.count + store

    def by_store(self, numbers: Iterable[int] | NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Return the own numbers of each store, in the given order."""
        given = _array(numbers)
        return [given[given % self.count == at] // self.count for at in range(self.count)]


def _array(numbers: Iterable[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    listed = numbers if isinstance(numbers, np.ndarray | Sequence) else list(numbers)
    return np.asarray(listed, dtype=np.int64)


def id_in_union(article_id: str, store: str) -> str:
    """Return the id that an article has in the union of its store, which has a name, and others.

    >>> own_id(id_in_union("nieuws/1", "nrc"))
    ('nieuws/1', 'nrc')
    """
    return f"{article_id}{_MARK}{store}"


def own_id(union_id: str) -> tuple[str, str]:
    """Return the id of an article in its own store, and the name of that."""
    article_id, _, store = union_id.rpartition(_MARK)
    return article_id, store
