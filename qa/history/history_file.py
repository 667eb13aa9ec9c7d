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
    """An open file, in which each change is made whole or not at all."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, or make it.

        Raises:
            HistoryError: the file is damaged or is none, or another program or a newer Dateline
                made it.
        """
        self.path = path
        self._connection, self.is_in_memory = open_history(path)
        self._using = threading.Lock()

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
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield run
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except UNUSABLE as error:
                raise unusable(self.path, error) from error

    def forget_deleted(self) -> None:
        """Take what was deleted out of the log of SQLite too, where it would stay for a while."""
        with self._using, suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        with self._using:
            self._connection.close()


def storable(text: str) -> str:
    r"""Return a text without half signs, which SQLite cannot keep.

    >>> storable("\ud800a")
    '?a'
    """
    return text.encode("utf-8", "replace").decode("utf-8")
