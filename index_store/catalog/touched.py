"""Notes which chunks a writer touches, so that the indexes need not look through all of them."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.state import current_edition, read_identity
from index_store.errors import StoreCorruptError
from index_store.number_sets import distinct

# What is indexed of a chunk follows from these rows (see `index_store/indexes/contents.py`). Where
# one row is put in place of another (REPLACE), triggers miss the old one: of these none is.
_TOUCHING = {
    "INSERT ON main.chunk": "SELECT NEW.number",
    "DELETE ON main.chunk": "SELECT OLD.number",
    "UPDATE ON main.chunk": "SELECT OLD.number UNION SELECT NEW.number",
    "UPDATE ON main.embedding": (
        "SELECT number FROM chunk WHERE embedding IN (OLD.number, NEW.number)"
    ),
    "UPDATE OF language ON main.article": "SELECT number FROM chunk WHERE article = NEW.number",
}


class TouchedChunks:
    """The chunks that one connection has added, removed or changed, as long as no other wrote.

    They are noted by triggers of that connection alone, in its temporary tables.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Begin with the present state of the catalog."""
        self._connection = connection
        self._edition = current_edition(connection)
        state = state_of(connection)
        self._states = [] if state is None else [state]
        connection.execute("CREATE TEMP TABLE touched (number INTEGER PRIMARY KEY)")
        for at, (event, numbers) in enumerate(_TOUCHING.items()):
            connection.execute(
                f"CREATE TEMP TRIGGER touching_{at} AFTER {event}"
                f" BEGIN INSERT OR IGNORE INTO touched {numbers}; END"
            )

    def reached(self, before: str | None, state: str | None) -> None:
        """Note that a change led from one state to another; forget all if another did before."""
        if not self._is_last(before):
            self._states.clear()
        elif state is not None:
            self._states.append(state)

    def since(self, state: str) -> NDArray[np.int64] | None:
        """Return the numbers of all chunks touched since a state, and maybe of others, ascending.

        `None` if it is not known, or if there is another edition now.
        """
        is_alone = self._is_last(state_of(self._connection))
        is_same_edition = current_edition(self._connection) == self._edition
        if not (is_alone and is_same_edition and state in self._states):
            return None
        rows = self._connection.execute("SELECT number FROM touched").fetchall()
        return distinct(np.array([number for (number,) in rows], dtype=np.int64))

    def _is_last(self, state: str | None) -> bool:
        return self._states[-1:] == [state]


def state_of(connection: sqlite3.Connection) -> str | None:
    """Return the state that a connection sees; `None` if the catalog is damaged there."""
    with suppress(StoreCorruptError):
        return read_identity(connection).state
    return None
