"""The tables of the catalog: opens the file, and brings an older file up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index_store.catalog.migrations import MIGRATIONS
from index_store.catalog.opening import is_frozen, is_read_only, open_database, open_unchanged
from index_store.catalog.seals import SEALED, register, seal
from index_store.errors import StoreCorruptError, StoreError, StoreMismatchError

_TIMEOUT_SECONDS = 30

# What reading a damaged file raises. Where an error of SQLite repeats a damaged name of a table,
# Python cannot decode its words.
UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)

# The step from this version gives every row its first seal.
_SEALING_VERSION = 3


@contextmanager
def explain_sqlite_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite into errors that say what to do.

    Raises:
        StoreCorruptError: the file is damaged.
        StoreError: the file cannot be read or written now (disk full, permissions, busy).
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if type(error) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
            raise  # a constraint, or a connection used wrongly: a bug of ours
        if not is_damage(error):
            raise StoreError(
                f"{path}: {error}; check that the disk is not full and that you may write there"
            ) from error
        # The first line is enough: the message on bytes that are no UTF-8 repeats all of them.
        raise _damaged(path, str(error).partition("with text")[0].strip()) from error
    except UnicodeDecodeError as error:
        raise _damaged(path, "a name in it is no text") from error


def _damaged(path: Path, reason: str) -> StoreCorruptError:
    return StoreCorruptError(
        f"{path} is damaged ({reason}); nothing was changed. Mend it with: dateline repair, "
        "or put back a backup with: dateline restore"
    )


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell whether an error says that the file is damaged, and not that it cannot be used now."""
    code = getattr(error, "sqlite_errorcode", None)  # absent where Python itself complains
    if isinstance(error, sqlite3.OperationalError):
        return code in (None, sqlite3.SQLITE_ERROR)
    return type(error) is sqlite3.DatabaseError


def connect(path: Path) -> sqlite3.Connection:
    """Open the catalog, bringing an older file up to date.

    The caller begins transactions (`isolation_level=None`). A file that can only be read is opened
    for reading.

    Raises:
        StoreMismatchError: the file was written by a newer Dateline.
        StoreCorruptError: the file is not a catalog.
        StoreError: it can only be read, and that is not enough.
    """
    with explain_sqlite_errors(path):
        connection = open_database(path)
        register(connection)
        try:
            _refuse_foreign(connection, path)
            if is_frozen(connection) or is_read_only(path):
                _refuse_other_version(connection, path)
                return connection
            use_write_ahead_log(connection)
            # FULL: a commit that was reported survives a power cut. Commits are one per batch of
            # articles, beside seconds of encoding, so the extra fsync cannot be noticed.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_unchanged(path: Path) -> tuple[sqlite3.Connection, int]:
    """Open a catalog such that nothing changes it; also return its version, which may be earlier.

    Raises: as `connect` does.
    """
    with explain_sqlite_errors(path):
        connection = open_unchanged(path)
        try:
            _refuse_foreign(connection, path)
            return connection, _version(connection, path)
        except BaseException:
            connection.close()
            raise


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database that another program made."""
    connection.execute("BEGIN")  # both from one state: another process may be making the tables
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("COMMIT")
    if version == 0 and tables:
        raise StoreCorruptError(
            f"{path} is a database, but not one of Dateline; nothing was changed. Choose another "
            "--store"
        )


def use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Choose WAL; try again if another process does the same, because SQLite does not wait."""
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _refuse_other_version(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file of an earlier version that cannot be brought up to date."""
    if _version(connection, path) < len(MIGRATIONS):
        raise StoreError(
            f"{path} is of an earlier version of Dateline, and can only be read here; open the "
            "store once where it can be written to, with: dateline check"
        )


def _version(connection: sqlite3.Connection, path: Path) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise StoreMismatchError(
            str(path),
            expected=f"catalog version {len(MIGRATIONS)}",
            found=f"catalog version {version}",
            remedy="upgrade Dateline to use this store",
        )
    return int(version)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection, path)
    while version < len(MIGRATIONS):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Read again under the write lock: another process may have been quicker.
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version < len(MIGRATIONS):
                _take_step(connection, version)
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):  # a row of a later version is there
                raise _damaged(path, "its version is not that of its tables") from error
            raise


def _take_step(connection: sqlite3.Connection, version: int) -> None:
    for statement in _statements(MIGRATIONS[version]):
        connection.execute(statement)
    if version == _SEALING_VERSION:
        for table in SEALED:
            seal(connection, table, "true", ())
    connection.execute(f"PRAGMA user_version = {version + 1}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; a trigger is one, with the semicolons inside it.

    >>> list(_statements("DROP TABLE a; DROP TABLE b;"))
    ['DROP TABLE a;', 'DROP TABLE b;']
    """
    statement = ""
    for part in script.split(";")[:-1]:
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
