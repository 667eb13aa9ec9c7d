"""Seals: a hash kept in every row that can be shown, so that no damaged row passes for a whole one.

SQLite notices damage to its own structure, but cannot tell a flipped bit in a value from another
value. Whoever writes a row seals it; whoever reads one to show it compares.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import blake2b

# The columns that the seal of a row covers, by table: all that is kept, the key too, because a
# damaged key puts a row in the place of another.
SEALED: dict[str, tuple[str, ...]] = {
    "edition": ("number", "encoder", "weights_hash", "dimension", "chunking"),
    "article": (
        "number", "id", "title", "text", "first", "last", "precision", "provenance", "words",
        "source", "language", "url", "author", "section", "content_hash",
    ),
    "date_by_hand": ("article", "first", "last", "precision", "words"),
    "inferred_date": ("article", "inputs", "first", "last", "precision", "score", "evidence"),
    "origin": ("key", "article", "source", "path", "record_hash", "extractor"),
    "chunk": ("number", "edition", "article", "start", "end", "section", "embedding"),
}  # fmt: skip


def row_seal(*values: str | bytes | float | None) -> int:
    """Return the seal of a row: 64 bits of a hash of its values, as a signed number.

    >>> row_seal("ab", None) == row_seal("a", "b")
    False
    """
    data = "".join(map(_with_length, values)).encode(errors="surrogatepass")
    digest = blake2b(data, digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _with_length(value: str | bytes | float | None) -> str:
    """Return a value as text whose end is known, so that no two rows read the same."""
    if isinstance(value, str):
        return f"s{len(value)}:{value}"
    text = value.hex() if isinstance(value, bytes) else repr(value)
    return f"{type(value).__name__}{len(text)}:{text}"


def register(connection: sqlite3.Connection) -> None:
    """Make `row_seal` known to the statements of a connection."""
    connection.create_function("row_seal", -1, row_seal, deterministic=True)


def is_whole(table: str, alias: str | None = None) -> str:
    """Return an SQL condition that tells whether a row of a table is as it was sealed."""
    name = alias or table
    return f"({name}.seal IS {_computed(table, name)})"


def seal(
    connection: sqlite3.Connection, table: str, condition: str, values: Sequence[object]
) -> None:
    """Seal the rows of a table that meet an SQL condition, after they were written."""
    connection.execute(
        f"UPDATE {table} SET seal = {_computed(table, table)} WHERE {condition}", values
    )


def damaged_rows(connection: sqlite3.Connection, table: str) -> Iterator[object]:
    """Yield the key of each row that is not as it was sealed, or cannot be read."""
    key = SEALED[table][0]
    broken = f"SELECT {key} FROM {table} WHERE NOT {is_whole(table)}"
    try:
        found = [value for (value,) in connection.execute(broken)]
    except sqlite3.DatabaseError:  # one row is too damaged to be hashed: which one?
        keys = connection.execute(f"SELECT {key} FROM {table}").fetchall()
        found = [value for (value,) in keys if not _is_readable(connection, table, value)]
    yield from found


def _is_readable(connection: sqlite3.Connection, table: str, value: object) -> bool:
    key = SEALED[table][0]
    try:
        row = connection.execute(
            f"SELECT {is_whole(table)} FROM {table} WHERE {key} = ?", (value,)
        ).fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(row == (1,))


def _computed(table: str, name: str) -> str:
    columns = ", ".join(f'{name}."{column}"' for column in SEALED[table])
    return f"row_seal({columns})"
