"""Nearest vectors, searched by a Milvus server: derived from the catalog like the local index.

Every row has the number of its chunk, a fingerprint of all that was indexed of it, and what filters
ask of it. A writer first adds rows and then removes those of chunks that are gone. So the
collection always holds at least what a reader's state holds, and the reader passes over the rest by
their fingerprints. A row whose facts alone changed stays one of the reader's state.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from index_store.indexes.chunk_facts import (
    ChunkFacts,
    contents_of,
    filter_expression,
    number_expressions,
)
from index_store.indexes.contents import Contents, difference, stored_vectors
from index_store.indexes.milvus import MOST_FOUND, MilvusCollection
from index_store.indexes.milvus_errors import (
    CollectionGoneError,
    CollectionNotLoadedError,
    MilvusError,
)
from index_store.indexes.milvus_state import (
    CollectionState,
    new_owner,
    prepared,
    read_state,
    understood,
    write_state,
)
from index_store.number_sets import distinct, is_among, without
from index_store.records import ArticleFilter, Identity, Manifest

_EXTRA = 64  # further rows fetched at first, for ties at the edge
MOST_NAMED = 8192
"""Chunk numbers in one filter (44 ms at 100,000); if more are selected, facts choose them."""


@dataclass(frozen=True, slots=True, eq=False)
class MilvusDense:
    """The vectors of one state of an archive, in a collection of Milvus.

    `rows` has number, fingerprint and fingerprint of the facts of each row of this state, ascending
    by number. `told` is what the collection says of itself when it is in this state. `settled`
    is set once the collection was found in this state, until a search finds it in another one.
    """

    collection: MilvusCollection
    rows: NDArray[np.int64]
    told: CollectionState
    settled: threading.Event = field(default_factory=threading.Event)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self.told.manifest.dimension

    def is_in_step(self) -> bool:
        """Tell whether the collection can be searched, and holds at least what this state holds.

        The server is asked once, and again after a search that failed.

        Raises:
            MilvusError: the server is away.
        """
        if self.settled.is_set():
            return True
        try:
            now = read_state(self.collection)
            if now is None or not now.goes_on_from(self.told, (self.told.state,)):
                return False
            if now == self.told and not self.has_all_rows():
                return False
        except (CollectionGoneError, CollectionNotLoadedError):
            return False
        self.settled.set()
        return True

    def has_all_rows(self) -> bool:
        """Tell whether the collection has as many rows as it has in this very state."""
        return self.collection.count() == len(self.rows) + 1  # the state is a row

    def numbers(self) -> NDArray[np.int64]:
        """Return the chunk numbers in the collection, as the server tells them."""
        return self.collection.rows()[:, 0]

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[tuple[int, float]]:
        """Ask the server: see `VectorIndex`.

        Raises:
            MilvusError: the server is away, or does not hold what this state holds.
        """
        with self._watched():
            return self._search(vector, limit, selected, only)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except MilvusError:
            self.settled.clear()
            raise

    def _search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None,
    ) -> list[tuple[int, float]]:
        numbers = self.rows[:, 0]
        if selected is not None:
            selected = numbers[is_among(distinct(selected), numbers)]
        total = len(numbers) if selected is None else len(selected)
        if total == 0 or limit < 1:
            return []
        count = min(limit, total) + _EXTRA
        while True:
            found, is_all = self._nearest(vector, count, selected, only)
            if is_all or len(found) >= limit:
                is_short = len(found) < min(limit, total)
                self._refuse_partial(read_state(self.collection), is_short=is_short)
                return sorted(found, key=lambda row: (-row[1], row[0]))[:limit]
            count *= 4

    def _nearest(
        self,
        vector: NDArray[np.float32],
        count: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None,
    ) -> tuple[list[tuple[int, float]], bool]:
        """Return the best rows of this state, without those that tie at the edge of a search.

        Also whether these are all rows that there are.
        """
        found: list[tuple[int, float]] = []
        edge = -np.inf
        for expression in _expressions(selected, only):
            hits = self.collection.search(vector, count, expression)
            is_ours = self._is_ours(hits.numbers, hits.prints, hits.made)
            if selected is not None:
                is_ours &= is_among(selected, hits.numbers)
            rows = zip(hits.numbers[is_ours].tolist(), hits.scores[is_ours].tolist(), strict=True)
            found += rows
            if count <= len(hits.numbers) < MOST_FOUND:
                # Which of the rows that tie with the last one were fetched is chance.
                edge = max(edge, float(hits.scores[-1]))
        return [row for row in found if row[1] > edge], bool(edge == -np.inf)

    def _is_ours(
        self, numbers: NDArray[np.int64], prints: NDArray[np.int64], made: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell of each row whether it is one of this state.

        Raises:
            MilvusError: the collection was dropped and made again.
        """
        if (made != self.told.made).any():
            self._refuse_other()
        places = np.searchsorted(self.rows[:, 0], numbers)
        there = self.rows[np.minimum(places, len(self.rows) - 1)]
        ours: NDArray[np.bool_] = (there[:, 0] == numbers) & (there[:, 1] == prints)
        return ours

    def _refuse_partial(self, now: CollectionState | None, *, is_short: bool) -> None:
        """Raise an error if the rows just read may have been a part of those of this state.

        They were all there if the collection is in this state still, or if a writer of this very
        folder is ahead: then some may lack (`is_short`), of chunks that are gone. `now` is the
        state of the collection, read when the rows had been read.
        """
        # The writer may be done, and begin with its next state, between these questions.
        while now is None or not now.goes_on_from(self.told, self.collection.states()):
            before, now = now, read_state(self.collection)
            if now == before:
                self._refuse_other()
        if is_short and now == self.told:
            raise MilvusError(
                f"{self.collection.place.name} lacks vectors that it should hold, so no answer is "
                "given; ask again, and what lacks is written again from the catalog first, without "
                "encoding"
            )

    def _refuse_other(self) -> None:
        raise MilvusError(
            f"{self.collection.place.name} was made again, or taken over by another copy of this "
            "archive; ask again, and use one collection for each copy"
        )

    def scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the inner products: see `VectorIndex`.

        A chunk that a writer has removed meanwhile has 0; the catalog does not hold it either.
        """
        if not numbers:
            return []
        return [float(score) for score in self.vectors(np.array(numbers)) @ vector]

    def vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these chunks, of shape (n, dimension); what is gone has zeros."""
        with self._watched():
            return self._vectors(numbers)

    def _vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        found, state = self.collection.vectors(numbers.tolist())
        rows = np.zeros((len(numbers), self.dimension), dtype=np.float32)
        for at, number in enumerate(numbers.tolist()):
            made, vector = found.get(number, (self.told.made, None))
            if made != self.told.made:
                self._refuse_other()
            if vector is not None:
                rows[at] = vector
        if len(numbers):
            now = understood(self.collection, state)
            self._refuse_partial(now, is_short=len(found) < len(numbers))
        return rows


def _expressions(selected: NDArray[np.int64] | None, only: ArticleFilter | None) -> list[str]:
    """Return filters that together let the selected chunks through, and perhaps others."""
    if selected is None:
        return [""]
    if only is not None and len(selected) > MOST_NAMED:
        return [filter_expression(only)]
    return number_expressions(selected, most=max(1, MOST_NAMED))


def bring_into_step(
    connection: sqlite3.Connection,
    collection: MilvusCollection,
    facts: ChunkFacts,
    base: MilvusDense | None,
    *,
    manifest: Manifest,
    identity: Identity,
    generation: int,
) -> MilvusDense:
    """Make a collection hold exactly the chunks of the catalog; the caller is the only writer.

    `base` is what this copy of the archive left there. If the collection is not in that state, it
    is asked what it holds. A writer that is killed halfway leaves rows that the next one finds.

    Raises:
        StoreMismatchError: the collection holds the vectors of another archive.
        MilvusError: the server is away, the collection is something else, or another copy of the
            archive writes there at the same time.
        StoreCorruptError: a vector in the catalog is damaged.
    """
    state = prepared(collection, identity.store, manifest)
    is_known = base is not None and state == base.told and base.has_all_rows()
    is_kept = is_known or (
        base is not None and state != base.told and state.goes_on_from(base.told, (identity.state,))
    )
    begun = state.filling(state.owner if is_kept else new_owner(), identity, generation)
    write_state(collection, begun)
    if base is not None and is_known:
        present = contents_of(base.rows)
    else:
        present = _held(collection, state.made)
    gone, new = difference(present, contents_of(facts.rows))
    for numbers, vectors in stored_vectors(connection, new, manifest.dimension):
        collection.upsert([_row(facts, int(number), state.made) for number in numbers], vectors)
    collection.delete(without(gone, new))
    _refuse_second_writer(collection, begun)
    done = begun.complete()
    write_state(collection, done)
    _refuse_second_writer(collection, done)
    return MilvusDense(collection, facts.rows, done)


def _refuse_second_writer(collection: MilvusCollection, written: CollectionState) -> None:
    """Raise an error if somebody wrote since `written`; the lock of a folder is not one of copies.

    The rows of both are mixed now, so the collection is given a state that is nobody's.
    """
    if read_state(collection) != written:
        write_state(collection, replace(written, owner=new_owner(), state="", is_complete=False))
        raise MilvusError(
            f"{collection.place.name} is written to by another copy of this archive at the same "
            "time; nothing stored is lost. Use one collection for each copy (--index), and try "
            "again"
        )


def _held(collection: MilvusCollection, made: int) -> Contents:
    """Return what a collection holds; a row that somebody else made has no fingerprint of ours."""
    rows = collection.rows()  # changed in place: there may be many millions
    rows[:, 1] ^= rows[:, 2]
    np.invert(rows[:, 1], out=rows[:, 1], where=rows[:, 3] != made)
    return rows[:, :2]


def _row(facts: ChunkFacts, number: int, made: int) -> dict[str, int | list[int]]:
    at = int(np.searchsorted(facts.rows[:, 0], number))
    _, of_chunk, of_facts = facts.rows[at].tolist()
    told = {"number": number, "print": of_chunk, "facts": of_facts, "made": made}
    return {**told, **facts.at(at)}


def attached(
    collection: MilvusCollection, facts: ChunkFacts, *, manifest: Manifest, identity: Identity
) -> MilvusDense:
    """Return the vectors of the present state of an archive that this process cannot write to.

    Raises:
        MilvusError: the collection is not in that state, or the server is away.
    """
    state = read_state(collection) if collection.dimension() is not None else None
    if (
        state is None
        or not state.is_complete
        or (state.store, state.state, state.manifest) != (identity.store, identity.state, manifest)
    ):
        raise MilvusError(
            f"{collection.place.name} does not hold the present state of the archive, and this "
            "process cannot write it there: another one is writing, or the folder of the archive "
            "is read-only; wait for it, run: dateline check, or search here with --index local"
        )
    return MilvusDense(collection, facts.rows, state)
