"""Reads what can still be read of a damaged catalog into a new file.

Every row is taken as it is: whether it is whole, its seal tells. Inferred dates are left behind,
because they are inferred again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from index_store.catalog.schema import UNREADABLE, connect, is_damage
from index_store.catalog.seals import register
from index_store.catalog.table_list import write_table_list
from index_store.errors import StoreCorruptError

# The tables in the order in which they refer to one another; the first column is the key.
_TABLES = ("property", "edition", "article", "date_by_hand", "origin", "embedding", "chunk", "lost")
# What says that all dates are inferred: these are not there, and have to be.
_OF_INFERENCE = "'dated', 'inferred_with', 'inferred_seen'"
_LARGEST_GAP = 5_000_000  # numbers that are tried one by one
# The first bytes of every catalog: https://www.sqlite.org/fileformat.html, section 1.3.
_HEADER = {0: b"SQLite format 3\x00", 16: b"\x10\x00\x02\x02\x00\x40\x20\x20", 56: b"\0\0\0\x01"}


def salvage(source: Path, target: Path, *, name: Path) -> None:
    """Make a new catalog of the rows that can be read in a copy of a damaged one.

    The copy may be written to; errors speak of `name`.

    Raises:
        StoreCorruptError: neither the articles nor their places can be read.
    """
    _mend_header(source)
    with closing(connect(Path(":memory:"))) as new:
        known = _columns(new)
    if not _is_listed(source, known):
        for log in ("-wal", "-shm"):  # all that is in them was written back when it was closed
            source.with_name(source.name + log).unlink(missing_ok=True)
        write_table_list(source, known)
    with closing(sqlite3.connect(source, isolation_level=None)) as old:
        # A letter that is none is replaced: then the seal does not fit, but the row has a name.
        old.text_factory = lambda data: data.decode(errors="replace")
        register(old)
        tables = _columns(old)
        if tables.keys().isdisjoint(("article", "origin")):
            raise StoreCorruptError(
                f"{name} is damaged: it has no list of articles that can be read; put back a "
                "backup with: dateline restore, or move the folder away and ingest its articles"
            )
        with closing(connect(target)) as new:
            new.execute("PRAGMA foreign_keys = OFF")
            new.execute("BEGIN")
            new.execute("DELETE FROM property")
            for table, columns in _columns(new).items():
                shared = [name for name in columns if name in tables.get(table, ())]
                if table in _TABLES and shared:
                    _copy_rows(old, new, table, shared)
            new.execute(f"DELETE FROM property WHERE name IN ({_OF_INFERENCE})")
            new.execute("COMMIT")
            new.execute("PRAGMA journal_mode = DELETE")


def _is_listed(path: Path, known: Mapping[str, list[str]]) -> bool:
    """Tell whether the list of tables can be read, and names only columns that are known."""
    with closing(sqlite3.connect(path)) as connection:
        tables = _columns(connection)
    return "article" in tables and all(
        known[table][: len(columns)] == columns for table, columns in tables.items()
    )


def _mend_header(path: Path) -> None:
    """Write again what the header of every catalog says; the size is in it, and is kept."""
    with path.open("r+b") as file:
        for place, data in _HEADER.items():
            file.seek(place)
            file.write(data)


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the columns of each table, as far as they can be read, parents first."""
    found = {}
    for table in _TABLES:
        with suppress(*UNREADABLE):
            rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
            found[table] = [row[1] for row in rows]
    return {table: columns for table, columns in found.items() if columns}


def _copy_rows(
    old: sqlite3.Connection, new: sqlite3.Connection, table: str, columns: list[str]
) -> None:
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{name}"' for name in columns)
    for row in _rows(old, table, columns):
        with suppress(sqlite3.IntegrityError):  # a value of another type, or a key met twice
            new.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", row)


def _rows(
    connection: sqlite3.Connection, table: str, columns: list[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows from the first one on, then from the last one back, then those between."""
    key, names = columns[0], ", ".join(f'"{name}"' for name in columns)
    scan = f"SELECT {names} FROM {table} NOT INDEXED ORDER BY {key}"
    ends: list[Any] = []
    for direction in ("", " DESC"):
        last = None
        try:
            for row in connection.execute(scan + direction):
                last = row[0]
                yield row
        except sqlite3.DatabaseError as error:
            _require_damage(error)
        else:
            return
        ends.append(last)
    for value in _between(connection, table, *ends):
        try:
            yield from connection.execute(f"SELECT {names} FROM {table} WHERE {key} = ?", (value,))
        except sqlite3.DatabaseError as error:
            _require_damage(error)


def _between(connection: sqlite3.Connection, table: str, first: object, last: object) -> list[Any]:
    """Return the keys that may lie between two that could be read."""
    if table == "origin":  # an index lists its keys too
        try:
            found = connection.execute("SELECT key FROM origin INDEXED BY origin_by_article")
            return [value for (value,) in found]
        except sqlite3.DatabaseError:
            return []
    after = first if isinstance(first, int) else 0
    before = last if isinstance(last, int) else _last_number(connection, table) + 1
    return list(range(after + 1, min(before, after + _LARGEST_GAP)))


def _last_number(connection: sqlite3.Connection, table: str) -> int:
    named = "article" if table == "date_by_hand" else table
    try:
        row = connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (named,)
        ).fetchone()
    except sqlite3.DatabaseError:
        return 0
    return int(row[0]) if row and isinstance(row[0], int) else 0


def _require_damage(error: sqlite3.DatabaseError) -> None:
    if not is_damage(error):
        raise error
