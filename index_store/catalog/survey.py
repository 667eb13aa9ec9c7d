"""Looks at a catalog for a moment, without changing it: what it holds, and whether it is whole."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index_store.catalog.change_mark import Setback, read_change, read_mark, setback
from index_store.catalog.migrations import MIGRATIONS
from index_store.catalog.schema import connect_unchanged, explain_sqlite_errors
from index_store.catalog.state import current_edition, read_identity
from index_store.records import Identity, Manifest

_STEPS = 10_000  # of SQLite's machine between two looks at the clock: well below a millisecond


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look at a catalog showed.

    `version` is that of its tables, and `newest_version` the one that this program makes. `newest`
    is the first day of the newest stated date. `identity` is unknown in a catalog of an earlier
    version. `damage` is the first damage that SQLite found. `is_examined` is false if the
    time was over before SQLite had seen the whole file. `setback` is what was stored and is gone.
    """

    version: int
    articles: int = 0
    chunks: int = 0
    newest: date | None = None
    manifest: Manifest | None = None
    identity: Identity | None = None
    damage: str | None = None
    is_examined: bool = True
    newest_version: int = len(MIGRATIONS)
    setback: Setback | None = None


def survey_catalog(path: Path, *, seconds: float = 5.0) -> Survey:
    """Return what a catalog holds; SQLite examines the structure of the file for some seconds.

    Raises:
        StoreMismatchError: the file was written by a newer Dateline.
        StoreCorruptError: the file is damaged, or not a catalog.
        StoreError: the file cannot be read now.
    """
    mark = read_mark(path)  # first: a writer notes a change after it was committed
    connection, version = connect_unchanged(path)
    with closing(connection), explain_sqlite_errors(path):
        if version == 0:
            return Survey(0)  # a file without tables; the next one who writes makes them
        damage, is_examined = _examine(connection, seconds)
        connection.execute("BEGIN")  # one state for all that follows
        edition = current_edition(connection)
        is_present = version == len(MIGRATIONS)
        return Survey(
            version,
            _count(connection, "article", "true"),
            _count(connection, "chunk", f"edition = {edition[0]}") if edition else 0,
            _newest(connection),
            edition[1] if edition else None,
            read_identity(connection) if is_present else None,
            damage,
            is_examined,
            setback=setback(mark, read_change(connection)) if mark and is_present else None,
        )


def survey_setback(path: Path) -> Setback | None:
    """Return which stored changes are gone from a catalog; `None` if none are known to be.

    Raises: as `survey_catalog` does.
    """
    mark = read_mark(path)
    if mark is None:
        return None
    connection, version = connect_unchanged(path)
    with closing(connection), explain_sqlite_errors(path):
        connection.execute("BEGIN")
        return setback(mark, read_change(connection)) if version == len(MIGRATIONS) else None


def _examine(connection: sqlite3.Connection, seconds: float) -> tuple[str | None, bool]:
    """Return the first damage of the file, and whether there was time for all of it."""
    deadline = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    try:
        # Not `quick_check`: in SQLite 3.40 it finds NULL in whole tables without row ids whose
        # primary key has its columns in another order.
        (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None, False
    finally:
        connection.set_progress_handler(None, 0)
    return (None if answer == "ok" else str(answer)), True


def _count(connection: sqlite3.Connection, table: str, condition: str) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()
    return int(count)


def _newest(connection: sqlite3.Connection) -> date | None:
    """Return the first day of the newest stated date; a damaged one is no day."""
    (told,) = connection.execute("SELECT max(first) FROM article").fetchone()
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        return None
