"""Tells whether the structure of a catalog is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from index_store.catalog.schema import connect, explain_sqlite_errors
from index_store.catalog.seals import SEALED
from index_store.errors import StoreCorruptError, StoreMismatchError


def is_sound(path: Path) -> bool:
    """Tell whether the structure of a catalog is whole, and every row of it can be read.

    Raises:
        StoreMismatchError: the file was written by a newer Dateline.
        StoreError: the file cannot be used now.
    """
    try:
        with explain_sqlite_errors(path), closing(connect(path)) as connection:
            answers = connection.execute("PRAGMA integrity_check").fetchall()
            if tables_of(connection) != own_tables():
                return False
            for table in (*SEALED, "property", "embedding", "lost"):
                for _ in connection.execute(f"SELECT * FROM {table}"):
                    pass
    except StoreCorruptError:
        return False
    except StoreMismatchError:
        with closing(sqlite3.connect(path)) as connection:
            if tables_of(connection) == own_tables():
                return False  # only their version is damaged
        raise
    return answers == [("ok",)]


def tables_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the tables, indexes and triggers of a catalog, with how they were made.

    A damaged one may be read without an error, and fail, or do nothing, when something is written.
    """
    return connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    ).fetchall()


def own_tables() -> list[tuple[str, str]]:
    """Return the tables, indexes and triggers of a new catalog."""
    with closing(connect(Path(":memory:"))) as connection:
        return tables_of(connection)
