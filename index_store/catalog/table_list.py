"""Writes the list of tables of a damaged catalog again, by what stands in its trees.

SQLite keeps that list in the first pages, and reads nothing without it. The trees of the tables
are still where they were, and the seals of the rows in a tree tell which table it is.

Source: https://www.sqlite.org/fileformat.html, sections 1.3 and 1.6.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from index_store.catalog.seals import SEALED, is_whole, register

_PAGE = 4096  # bytes; no catalog has others
_START = b"SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20"
_EMPTY_LIST = bytes((13, 0, 0, 0, 0, 0x10, 0, 0))  # a leaf of a table, without rows
_AT_LIST = 100  # where it begins on the first page
_INNER = (2, 5)  # the first byte of a page that leads to others
_KINDS = {2: False, 5: True, 10: False, 13: True}  # of all, and whether its rows have row ids
_MOST_TREES = 2000  # pages that were given up look like small trees
_LOOKED_AT = 100  # rows of a tree, to tell which table it is

# Tables whose rows stand in an index, by their key; and by what rows without a seal are known.
_WITHOUT_ROWID = ("property", "origin", "lost")
_SIGNS = {
    "property": "name IN ('generation', 'store', 'state')",
    "embedding": "crc32(vector) = checksum",
    "lost": "typeof(source) = 'text' AND typeof(path) = 'text'",
}


def write_table_list(path: Path, columns: Mapping[str, Sequence[str]]) -> None:
    """Write the list of tables of a file anew. It must be a copy that nobody has open.

    `columns` are the names of those of each table to look for. A table without rows is not found.
    Of several trees that might be a table it is the one that begins first in the file: a table gets
    its first page before all others, and the rest is of rows that were deleted.
    """
    trees = list(islice(_trees(path), _MOST_TREES))
    _empty_list(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        register(connection)
        connection.create_function("crc32", 1, zlib.crc32, deterministic=True)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA writable_schema = ON")
        wanted = dict(columns)
        for root, is_of_table in trees:
            for table in list(wanted):
                if is_of_table != (table in _WITHOUT_ROWID):
                    _list(connection, table, columns[table], root)
                    if _has_rows_of(connection, table):
                        del wanted[table]
                        break
                    _unlist(connection, table)


def _list(connection: sqlite3.Connection, table: str, names: Sequence[str], root: int) -> None:
    first, *rest = (f'"{name}"' for name in names)
    is_index = table in _WITHOUT_ROWID
    key = f"{first} {'TEXT' if is_index else 'INTEGER'} PRIMARY KEY"
    made = f"CREATE TABLE {table} ({', '.join((key, *rest))}){' WITHOUT ROWID' * is_index}"
    connection.execute(
        "INSERT INTO sqlite_schema VALUES ('table', ?, ?, ?, ?)", (table, table, root, made)
    )
    _read_list_again(connection)


def _unlist(connection: sqlite3.Connection, table: str) -> None:
    connection.execute("DELETE FROM sqlite_schema WHERE name = ?", (table,))
    _read_list_again(connection)


def _read_list_again(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA schema_version").fetchone()
    connection.execute(f"PRAGMA schema_version = {version + 1}")


def _has_rows_of(connection: sqlite3.Connection, table: str) -> bool:
    """Tell whether any of the first rows of a listed tree is a whole row of the table."""
    sign = is_whole(table) if table in SEALED else _SIGNS[table]
    with suppress(sqlite3.DatabaseError):
        rows = f"(SELECT * FROM {table} LIMIT {_LOOKED_AT}) AS {table}"
        return connection.execute(f"SELECT 1 FROM {rows} WHERE {sign}").fetchone() is not None
    return False


def _trees(path: Path) -> Iterator[tuple[int, bool]]:
    """Yield the number of the first page of each tree, and whether it is of a table with row ids.

    No other page leads to the first page of a tree.
    """
    kinds: dict[int, bool] = {}
    inner: set[int] = set()
    with path.open("rb") as file:
        file.seek(_PAGE)  # the first page has the list itself
        for number, page in enumerate(iter(lambda: file.read(_PAGE), b""), start=2):
            if page[0] in _KINDS:
                kinds[number] = _KINDS[page[0]]
            if page[0] in _INNER:
                inner.update(_below(page))
    yield from ((root, kind) for root, kind in kinds.items() if root not in inner)


def _below(page: bytes) -> Iterator[int]:
    """Yield the numbers of the pages that an inner page leads to."""
    yield int.from_bytes(page[8:12])
    for at in range(12, min(12 + 2 * int.from_bytes(page[3:5]), len(page)), 2):
        cell = int.from_bytes(page[at : at + 2])
        yield int.from_bytes(page[cell : cell + 4])


def _empty_list(path: Path) -> None:
    """Make the first page that of a database without tables, of which every page is in use."""
    page = bytearray(_PAGE)
    page[: len(_START)] = _START
    page[28:32] = (path.stat().st_size // _PAGE).to_bytes(4)
    page[44:48], page[56:60] = (4).to_bytes(4), (1).to_bytes(4)  # version of the list; UTF-8
    page[_AT_LIST : _AT_LIST + len(_EMPTY_LIST)] = _EMPTY_LIST
    with path.open("r+b") as file:
        file.write(page)
