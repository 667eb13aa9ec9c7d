"""The tables of the history: opens its file, makes it, and refuses one that cannot be used."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from index_store.analysis.folding import fold
from index_store.catalog.schema import is_damage, use_write_ahead_log
from qa.errors import DatelineError

_TIMEOUT_SECONDS = 10
_IN_MEMORY = ":memory:"
# Where an error of SQLite repeats a damaged name, Python cannot decode its words.
UNUSABLE = (sqlite3.Error, UnicodeDecodeError)
_MOVE_AWAY = "the archive itself is whole: move the file away, and start the server again"

# What each version of the file added to the one before. `kept` is the turn as JSON, of which this
# room reads nothing; `size` counts its characters. `title` is NULL until somebody names the
# conversation: till then it is called after its first question. `about` is the article of a kept
# quote as JSON, of which this room reads nothing either: as it was when the quote was kept. `seal`
# is a hash of a turn, with its conversation and owner; turns of earlier versions have none.
# `selection` of a saved search are its bounds as JSON, and `seen` is the number of the last article
# that was in the archive when somebody last looked at what it finds. `asked` is NULL for a query; a
# question was asked over the articles up to this one, and `finding` holds the quotes it found, each
# with the number of its `article`. `answer_start` and `answer_end` say where its answer stands, and
# `before` is the quote of the answer that it changed, as JSON, of which this room reads nothing.
# `archive` of a kept quote names another archive than the one beside which the file is, if it is of
# another; SQLite can widen a constraint only by making the table anew.
VERSIONS = (
    """
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
    """,
    """
    CREATE TABLE quote (
        owner TEXT NOT NULL,
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        article_id TEXT NOT NULL,
        field TEXT NOT NULL,
        "start" INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        text TEXT NOT NULL,
        about TEXT NOT NULL,
        note TEXT NOT NULL,
        added TEXT NOT NULL,
        PRIMARY KEY (owner, id),
        UNIQUE (owner, article_id, field, "start", "end", text)
    ) STRICT;
    """,
    "ALTER TABLE turn ADD COLUMN seal INTEGER;",
    """
    CREATE TABLE search (
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        query TEXT NOT NULL,
        selection TEXT NOT NULL,
        seen INTEGER NOT NULL,
        added TEXT NOT NULL,
        PRIMARY KEY (owner, name)
    ) STRICT;
    """,
    """
    ALTER TABLE search ADD COLUMN asked INTEGER;
    CREATE TABLE finding (
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        article INTEGER NOT NULL,
        article_id TEXT NOT NULL,
        field TEXT NOT NULL,
        "start" INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        text TEXT NOT NULL,
        found TEXT NOT NULL,
        UNIQUE (owner, name, article_id, field, "start", "end"),
        FOREIGN KEY (owner, name) REFERENCES search ON DELETE CASCADE
    ) STRICT;
    """,
    """
    ALTER TABLE finding ADD COLUMN answer_start INTEGER;
    ALTER TABLE finding ADD COLUMN answer_end INTEGER;
    ALTER TABLE finding ADD COLUMN before TEXT;
    """,
    """
    ALTER TABLE quote RENAME TO former_quote;
    CREATE TABLE quote (
        owner TEXT NOT NULL,
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        article_id TEXT NOT NULL,
        field TEXT NOT NULL,
        "start" INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        text TEXT NOT NULL,
        about TEXT NOT NULL,
        note TEXT NOT NULL,
        added TEXT NOT NULL,
        archive TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (owner, id),
        UNIQUE (owner, archive, article_id, field, "start", "end", text)
    ) STRICT;
    INSERT INTO quote SELECT *, '' FROM former_quote;
    DROP TABLE former_quote;
    """,
)
_VERSION = len(VERSIONS)


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
        HistoryError: the file is damaged or is none, another program made it, or a newer Dateline.
    """
    is_in_memory = not _can_write(path)
    try:
        if not is_in_memory:
            _make_file(path)
        connection = sqlite3.connect(
            _IN_MEMORY if is_in_memory else str(path),
            isolation_level=None,
            timeout=_TIMEOUT_SECONDS,
            check_same_thread=False,
        )
    except (OSError, sqlite3.Error) as error:
        raise unusable(path, error) from error
    try:
        _prepare(connection, path)
    except UNUSABLE as error:
        connection.close()
        raise unusable(path, error) from error
    except HistoryError:
        connection.close()
        raise
    return connection, is_in_memory


def unusable(path: Path, error: Exception) -> HistoryError:
    """Return the error in words for one of SQLite or of the disk."""
    is_busy = isinstance(error, sqlite3.OperationalError) and not is_damage(error)
    if is_busy or isinstance(error, (OSError, sqlite3.ProgrammingError)):
        reason = error.strerror if isinstance(error, OSError) else error
        remedy = "free the file or make room on the disk, and try again"
        return HistoryError(path, f"cannot be used now ({reason})", remedy)
    return HistoryError(path, f"is damaged ({error})", _MOVE_AWAY)


def _make_file(path: Path) -> None:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    elif not path.is_file():  # a folder, or a pipe on which SQLite would wait for ever
        raise HistoryError(path, "is no file", _MOVE_AWAY)


def _can_write(path: Path) -> bool:
    return os.access(path if path.exists() else path.parent, os.W_OK) and os.access(
        path.parent, os.W_OK
    )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # One text with a letter that is none would keep all others from being read.
    connection.text_factory = _decoded
    connection.create_function("folded", 1, _folded, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted does not stay in the file
    connection.execute("BEGIN IMMEDIATE")  # two processes may make the file at once
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        reason = f"has version {version}, and this Dateline knows {_VERSION}"
        raise HistoryError(path, reason, "use the newer Dateline, or move the file away")
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if version < 1 and tables:
        raise HistoryError(path, "is a database, but not one of Dateline", _MOVE_AWAY)
    for added in VERSIONS[max(version, 0) :]:
        for statement in filter(str.strip, added.split(";")):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("SELECT number, owner, id, title, started, changed, size FROM conversation")
    connection.execute("SELECT conversation, id, position, question, size, kept, seal FROM turn")
    connection.execute('SELECT owner, article_id, "start", "end", text, archive, note FROM quote')
    connection.execute("SELECT owner, name, query, selection, seen, added, asked FROM search")
    connection.execute("SELECT owner, name, article, field, text, before FROM finding")
    connection.execute("COMMIT")


def _decoded(data: bytes) -> str:
    return data.decode(errors="replace")


def _folded(data: bytes) -> str:
    return fold(_decoded(data))
