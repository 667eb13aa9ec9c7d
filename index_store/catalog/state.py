"""Which state a catalog is in: its identity, its generation, and the edition in use."""

from __future__ import annotations

import sqlite3

from index_store.errors import StoreCorruptError
from index_store.records import Identity, Manifest


def read_generation(connection: sqlite3.Connection) -> int:
    """Return the number of the last committed change, as the open transaction sees it."""
    value = _property(connection, "generation")
    if not value.isdecimal():
        raise _damaged("generation")
    return int(value)


def read_identity(connection: sqlite3.Connection) -> Identity:
    """Return the identity of the state that the open transaction sees."""
    return Identity(_property(connection, "store"), _property(connection, "state"))


def read_last_number(connection: sqlite3.Connection) -> int:
    """Return the highest number that an article was ever given; 0 before the first one."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'article'").fetchone()
    return int(row[0]) if row else 0


def renew_state(connection: sqlite3.Connection) -> None:
    """Count one change, and give the state that results an identity that no other state has.

    A counter alone cannot tell two states apart: a catalog that was put back from a copy counts
    from there once more, and arrives at the same number with other articles.
    """
    connection.execute("UPDATE property SET value = value + 1 WHERE name = 'generation'")
    connection.execute(
        "UPDATE property SET value = lower(hex(randomblob(16))) WHERE name = 'state'"
    )


def current_edition(connection: sqlite3.Connection) -> tuple[int, Manifest] | None:
    """Return number and manifest of the edition in use."""
    row = connection.execute(
        "SELECT number, encoder, weights_hash, dimension, chunking FROM edition WHERE current = 1"
    ).fetchone()
    return (row[0], Manifest(*row[1:])) if row else None


def _property(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM property WHERE name = ?", (name,)).fetchone()
    if row is None or not row[0]:
        raise _damaged(name)
    return str(row[0])


def _damaged(name: str) -> StoreCorruptError:
    return StoreCorruptError(
        f"the catalog does not tell its {name}: it is damaged. Mend it "
        "with: dateline repair, or put back a backup with: dateline restore"
    )
