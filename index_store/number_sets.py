"""Sets of numbers as arrays of distinct numbers in ascending order.

NumPy since 2.3 finds distinct values by hashing, which takes 0.6 s for the 900,000 numbers of the
chunks of a large archive; to sort them takes 5 ms. So what NumPy has for sets (`unique`, `union1d`
and the like) is not used without telling it that the numbers are distinct.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def distinct(numbers: Numbers) -> Numbers:
    """Return each of some numbers once, ascending.

    >>> distinct(np.array([5, 2, 5, 9])).tolist()
    [2, 5, 9]
    """
    if (numbers[1:] > numbers[:-1]).all():  # most are so already
        return numbers
    ordered = np.sort(numbers)
    is_new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]


def union(one: Numbers, other: Numbers) -> Numbers:
    """Return the numbers that are in one of two arrays, or in both, ascending.

    >>> union(np.array([2, 5]), np.array([9, 5])).tolist()
    [2, 5, 9]
    """
    return distinct(np.concatenate([one, other]))


def intersection(one: Numbers, other: Numbers) -> Numbers:
    """Return the numbers that are in both of two sets, ascending.

    >>> intersection(np.array([2, 5]), np.array([5, 9])).tolist()
    [5]
    """
    return np.intersect1d(one, other, assume_unique=True)  # noqa: TID251 - it need not hash


def without(one: Numbers, other: Numbers) -> Numbers:
    """Return the numbers of one set that another one lacks, in their order.

    >>> without(np.array([2, 5]), np.array([5, 9])).tolist()
    [2]
    """
    return np.setdiff1d(one, other, assume_unique=True)  # noqa: TID251 - it need not hash


def places_among(among: Numbers, numbers: Numbers) -> Numbers:
    """Return the place in a set of each of some numbers, -1 for those that are not there.

    >>> places_among(np.array([2, 5, 9]), np.array([9, 4, 2])).tolist()
    [2, -1, 0]
    """
    if not len(among):
        return np.full(len(numbers), -1, dtype=np.int64)
    places = np.searchsorted(among, numbers)
    is_there = among[np.minimum(places, len(among) - 1)] == numbers
    return np.where(is_there, places, -1)


def is_among(among: Numbers, numbers: Numbers) -> NDArray[np.bool_]:
    """Tell of each of some numbers whether it is in a set.

    >>> is_among(np.array([2, 5, 9]), np.array([9, 4, 2])).tolist()
    [True, False, True]
    """
    return places_among(among, numbers) >= 0
