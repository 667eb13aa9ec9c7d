"""The one file of the history, used by several threads and several processes at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from qa.history.schema import UNUSABLE, open_history, unusable


class HistoryFile:
    """An open file, in which each change is made whole or not at all.

    If the file is deleted or another takes its place, that one is opened: SQLite would go on
    writing into a file that nobody finds any more.
    """

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, or make it.

        Raises:
            HistoryError: the file is damaged or is none, or another program or a newer Dateline
                made it.
        """
        self.path = path
        self._using = threading.Lock()
        self._open()

    def _open(self) -> None:
        self._connection, self.is_in_memory = open_history(self.path)
        self._inode, self._inode_of_log = _inode(self.path), _inode(_beside(self.path, "-wal"))

    def _follow(self) -> None:
        if self.is_in_memory or self._inode == _inode(self.path):
            return
        with suppress(sqlite3.Error):  # what its log holds goes along with a file that was moved
            self._connection.execute("PRAGMA wal_checkpoint")
        self._connection.close()
        self._inode = 0  # no file has that; the former number may be given to another file
        if self._inode_of_log == _inode(_beside(self.path, "-wal")):
            # The log of the former file, and its index: SQLite would read this file by them.
            for suffix in ("-wal", "-shm"):
                _beside(self.path, suffix).unlink(missing_ok=True)
        self._open()

    @contextmanager
    def changing(self) -> Iterator[Any]:
        """Yield what runs a statement and returns its rows; all statements count, or none.

        Raises:
            HistoryError: the file cannot be used.
        """

        def run(statement: str, values: Sequence[Any] = ()) -> list[Any]:
            stored = [storable(each) if isinstance(each, str) else each for each in values]
            return self._connection.execute(statement, stored).fetchall()

        with self._using:
            try:
                self._follow()
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield run
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except (*UNUSABLE, OSError) as error:
                raise unusable(self.path, error) from error

    def forget_deleted(self) -> None:
        """Take what was deleted out of the log of SQLite too, where it would stay for a while."""
        with self._using, suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        with self._using:
            self._connection.close()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")


def _inode(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return path.stat().st_ino
    return None


def storable(text: str) -> str:
    r"""Return a text without half signs, which SQLite cannot keep.

    >>> storable("\ud800a")
    '?a'
    """
    return text.encode("utf-8", "replace").decode("utf-8")
