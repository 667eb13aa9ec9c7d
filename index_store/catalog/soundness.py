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
            for table in (*SEALED, "property", "embedding", "lost"):
                for _ in connection.execute(f"SELECT * FROM {table}"):
                    pass
    except StoreCorruptError:
        return False
    except StoreMismatchError:
        if _tables(path) == _tables(Path(":memory:")):
            return False  # they are our own tables, and only their version is damaged
        raise
    return answers == [("ok",)]


def _tables(path: Path) -> list[tuple[str, str]]:
    """Return the tables of a file, with how they were made; in memory, those of a new file."""
    is_new = path == Path(":memory:")
    with closing(connect(path) if is_new else sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_stat%' ORDER BY name"
        ).fetchall()
