"""Keeps what inferring dates has found, so that the next time only what changed is looked at.

The caller of each function has begun a transaction.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.article_rows import IS_UNDATED

_ROW = np.dtype([("similarity", "<f8"), ("number", "<i8")])


@dataclass(frozen=True, slots=True)
class Nearest:
    """The dated articles nearest to an undated one: their numbers and similarities, best first.

    They are all that come before `bound`, a similarity and a number, or stand at it; of what comes
    after it nothing is known. Without a bound they are all there are. Ties are in ascending order
    of numbers.
    """

    numbers: tuple[int, ...] = ()
    similarities: tuple[float, ...] = ()
    bound: tuple[float, int] | None = None

    def without(self, gone: Set[int]) -> Nearest:
        """Return what is left if some articles are gone.

        >>> Nearest((7, 3), (0.9, 0.5), (0.5, 3)).without({3})
        Nearest(numbers=(7,), similarities=(0.9,), bound=(0.5, 3))
        """
        if gone.isdisjoint(self.numbers):
            return self
        pairs = zip(self.numbers, self.similarities, strict=True)
        left = [(number, similarity) for number, similarity in pairs if number not in gone]
        return Nearest(tuple(n for n, _ in left), tuple(s for _, s in left), self.bound)


@dataclass(frozen=True, slots=True)
class Inferring:
    """What inferring dates starts from.

    `undated` are the numbers of the articles whose date is neither stated nor set by hand,
    ascending, with the hash of the evidence that was weighed for each. `nearest` was kept for some
    of them, and `changed` are the articles, gone ones too, that changed since. `seen` is what was
    kept as the rest of the evidence; it is `None` if nothing was kept that is of use.
    """

    undated: Mapping[int, bytes | None]
    nearest: Mapping[int, Nearest]
    changed: Set[int]
    seen: str | None


@dataclass(frozen=True, slots=True)
class Inferred:
    """What is to be kept for the next time: all that is `nearest`, of which some are `new`."""

    version: int
    nearest: Mapping[int, Nearest]
    new: Set[int]
    seen: str


def read_inferring(connection: sqlite3.Connection, version: int) -> Inferring:
    """Return what to start from; what another version kept, or with other vectors, is of no use."""
    undated = dict(
        connection.execute(
            "SELECT number, inputs FROM article LEFT JOIN inferred_date"
            f" ON inferred_date.article = article.number WHERE {IS_UNDATED} ORDER BY number"
        )
    )
    kept = dict(connection.execute("SELECT name, value FROM property WHERE name LIKE 'inferred%'"))
    if kept.get("inferred_with") != _made_with(connection, version):
        return Inferring(undated, {}, frozenset(), None)
    nearest = {
        number: _from_bytes(data)
        for number, data, checksum in connection.execute("SELECT * FROM nearest_dated")
        if number in undated and zlib.crc32(data) == checksum  # else it is searched anew
    }
    changed = {number for (number,) in connection.execute("SELECT article FROM changed_article")}
    return Inferring(undated, nearest, changed, kept.get("inferred_seen"))


def keep_inferred(connection: sqlite3.Connection, kept: Inferred) -> None:
    """Keep what was found; all changes until now have been looked at."""
    present = connection.execute("SELECT article FROM nearest_dated").fetchall()
    for (number,) in present:
        if number not in kept.nearest:
            connection.execute("DELETE FROM nearest_dated WHERE article = ?", (number,))
    for number in sorted(kept.new):
        data = _to_bytes(kept.nearest[number])
        connection.execute(
            "INSERT OR REPLACE INTO nearest_dated VALUES (?, ?, ?)",
            (number, data, zlib.crc32(data)),
        )
    connection.execute("DELETE FROM changed_article")
    connection.executemany(
        "INSERT OR REPLACE INTO property VALUES (?, ?)",
        (
            ("inferred_with", _made_with(connection, kept.version)),
            ("inferred_seen", kept.seen),
        ),
    )


def _made_with(connection: sqlite3.Connection, version: int) -> str:
    (edition,) = connection.execute("SELECT max(number) FROM edition WHERE current = 1").fetchone()
    return f"version {version}, edition {edition}"


def _to_bytes(nearest: Nearest) -> bytes:
    """Return the rows of a list, after its bound; without a bound, that of a number 0."""
    pairs = zip(nearest.similarities, nearest.numbers, strict=True)
    return np.array([nearest.bound or (0.0, 0), *pairs], dtype=_ROW).tobytes()


def _from_bytes(data: bytes) -> Nearest:
    rows: NDArray[np.void] = np.frombuffer(data, dtype=_ROW)
    similarity, number = rows[0].item()
    bound = (similarity, number) if number else None
    return Nearest(
        tuple(rows["number"][1:].tolist()), tuple(rows["similarity"][1:].tolist()), bound
    )
