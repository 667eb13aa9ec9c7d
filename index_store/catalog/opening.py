"""Opens the file of a catalog: for reading and writing, or only for reading where that is all."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from index_store.errors import StoreCorruptError, StoreError

_TIMEOUT_SECONDS = 30
_READ = "SELECT count(*) FROM sqlite_schema"  # SQLite opens a file when it is first read

# What tells one content of a file from another: its inode, size and time of change, and its log.
Look = tuple[int, int, int, int]


# What SQLite says if the files beside a database, which it needs to read a log, cannot be made.
_NO_ROOM = (
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_CANTOPEN,
)
_LOG_INDEX = 32_768  # bytes: https://www.sqlite.org/walformat.html, section 2.1


class FrozenConnection(sqlite3.Connection):
    """A connection to a file that nobody writes to, as on a read-only or a full disk.

    SQLite takes no locks and notices no changes there, so `seen` keeps how the file looked.
    """

    seen: Look


def open_database(path: Path) -> sqlite3.Connection:
    """Open a database; make the file if there is none.

    The caller begins transactions (`isolation_level=None`). Where neither the file nor its folder
    can be written to, or the disk is full, the connection can only read.

    Raises:
        StoreCorruptError: a repair was killed while it put another file in its place.
        StoreError: the file can only be read, and its last changes are in a log that cannot be.
    """
    _refuse_half_replaced(path)
    # The pool hands a connection to one thread at a time, which SQLite is content with.
    if is_read_only(path):
        has_log = _look(path)[3]
        return _connect(path, "mode=ro", sqlite3.Connection) if has_log else _frozen(path)
    connection = sqlite3.connect(
        path, isolation_level=None, timeout=_TIMEOUT_SECONDS, check_same_thread=False
    )
    try:
        connection.execute(_READ)
    except BaseException as error:
        connection.close()
        if _is_whole_alone(path, error):
            return _frozen(path)
        raise
    return connection


def _frozen(path: Path) -> sqlite3.Connection:
    seen = _look(path)
    frozen = _connect(path, "mode=ro&immutable=1", FrozenConnection)
    assert isinstance(frozen, FrozenConnection)  # noqa: S101 - made by the line before
    frozen.seen = seen
    return frozen


def open_unchanged(path: Path) -> sqlite3.Connection:
    """Open a database that is there such that nothing can be changed through the connection.

    Raises: as `open_database` does.
    """
    _refuse_half_replaced(path)
    if is_read_only(path):
        return open_database(path)
    try:
        return _connect(path, "mode=ro", sqlite3.Connection)
    except sqlite3.OperationalError as error:
        if _is_whole_alone(path, error):
            return _frozen(path)
        raise


def coming(path: Path) -> Path:
    """Return the name of a whole file that is about to take the place of a damaged database."""
    return path.with_name(f"{path.name}.coming")


def _refuse_half_replaced(path: Path) -> None:
    """Refuse a damaged file that may have lost its log already: what is stored there would be lost.

    Raises: StoreCorruptError: another file is about to take its place.
    """
    if coming(path).exists():
        raise StoreCorruptError(
            f"{path} is being replaced by a repair or restore; if that was killed, bring it to its "
            f"end with: dateline repair --store {path.parent}"
        )


def is_read_only(path: Path) -> bool:
    """Tell whether a file is there that can be read but not written to, or not in its folder."""
    if not os.access(path, os.R_OK):
        return False
    return not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def is_frozen(connection: sqlite3.Connection) -> bool:
    """Tell whether a connection can only read, and takes the file as it is."""
    return isinstance(connection, FrozenConnection)


def is_current(connection: sqlite3.Connection, path: Path) -> bool:
    """Tell whether a connection sees the file as it is now; only a frozen one may not."""
    return not isinstance(connection, FrozenConnection) or connection.seen == _look(path)


def _is_whole_alone(path: Path, error: BaseException) -> bool:
    """Tell whether a database cannot be opened for want of room, and can be read as it is.

    Then nothing is in its log, and nobody else has it open, who would have made the index of that.
    """
    if getattr(error, "sqlite_errorcode", None) not in _NO_ROOM or not path.is_file():
        return False
    index = path.with_name(f"{path.name}-shm")
    is_open = index.exists() and index.stat().st_size >= _LOG_INDEX
    return not is_open and _look(path)[1] > 0 and _look(path)[3] == 0


def _look(path: Path) -> Look:
    found = path.stat()
    log = path.with_name(f"{path.name}-wal")
    return found.st_ino, found.st_size, found.st_mtime_ns, log.stat().st_size if log.exists() else 0


def _connect(path: Path, how: str, kind: type[sqlite3.Connection]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}",
        uri=True,
        isolation_level=None,
        timeout=_TIMEOUT_SECONDS,
        check_same_thread=False,
        factory=kind,
    )
    try:
        connection.execute(_READ)
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise StoreError(
                f"{path} can only be read here, and its last changes are still in {path.name}-wal; "
                "open the store once where it can be written to, and copy it again"
            ) from error
        raise
    return connection
