"""The tables of the history: opens its file, makes it, and refuses one that cannot be used."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from index_store.analysis.folding import fold
from qa.errors import DatelineError

_TIMEOUT_SECONDS = 10
_VERSION = 1
_IN_MEMORY = ":memory:"

# `kept` is the turn as JSON, of which this room reads nothing; `size` counts its characters.
# `title` is NULL until somebody names the conversation: till then it is called after its first
# question.
_TABLES = """
    CREATE TABLE conversation (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        owner TEXT NOT NULL,
        id TEXT NOT NULL,
        title TEXT,
        started TEXT NOT NULL,
        changed TEXT NOT NULL,
        size INTEGER NOT NULL DEFAULT 0,
        UNIQUE (owner, id)
    ) STRICT;
    CREATE INDEX conversation_by_change ON conversation (owner, changed);
    CREATE TABLE turn (
        conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        question TEXT NOT NULL,
        size INTEGER NOT NULL,
        kept TEXT NOT NULL,
        PRIMARY KEY (conversation, id)
    ) STRICT;
"""


class HistoryError(DatelineError):
    """The history cannot be read or written; `path` is its file."""

    def __init__(self, path: Path, reason: str, remedy: str) -> None:
        """Say what is wrong with which file, and what to do."""
        super().__init__(f"the history of conversations, {path}, {reason}; {remedy}")
        self.path = path


def open_history(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open the file of a history, or make it; also tell whether it is kept in memory only.

    It is where the folder or the file can only be read. The file is readable to its owner alone.

    Raises:
        HistoryError: the file is damaged, or a newer Dateline made it.
    """
    is_in_memory = not _can_write(path)
    if not is_in_memory and not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    place = _IN_MEMORY if is_in_memory else str(path)
    connection = sqlite3.connect(
        place, isolation_level=None, timeout=_TIMEOUT_SECONDS, check_same_thread=False
    )
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise unusable(path, error) from error
    except HistoryError:
        connection.close()
        raise
    return connection, is_in_memory


def unusable(path: Path, error: sqlite3.Error) -> HistoryError:
    """Return the error in words for one of SQLite."""
    if isinstance(error, sqlite3.OperationalError):
        remedy = "free the file or make room on the disk, and try again"
        return HistoryError(path, f"cannot be used now ({error})", remedy)
    remedy = "the archive itself is whole: move the file away, and start the server again"
    return HistoryError(path, f"is damaged ({error})", remedy)


def _can_write(path: Path) -> bool:
    return os.access(path if path.exists() else path.parent, os.W_OK) and os.access(
        path.parent, os.W_OK
    )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.create_function("folded", 1, fold, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted does not stay in the file
    connection.execute("BEGIN IMMEDIATE")  # two processes may make the file at once
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        reason = f"has version {version}, and this Dateline knows {_VERSION}"
        raise HistoryError(path, reason, "use the newer Dateline, or move the file away")
    if version < _VERSION:
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("SELECT number, owner, id, title, started, changed, size FROM conversation")
    connection.execute("SELECT conversation, id, position, question, size, kept FROM turn")
    connection.execute("COMMIT")
