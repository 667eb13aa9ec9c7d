"""Copies of whole databases: taken while others write, and put in place while others read."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count, takewhile
from pathlib import Path

from index_store.catalog.opening import coming, open_database
from index_store.catalog.schema import UNREADABLE, explain_sqlite_errors

_COMPANIONS = ("", "-wal", "-shm")  # the files of one database
# Errors that say nothing of the file: it is in use, or the disk is full or fails.
_NOT_NOW = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
}


def copy_database(source: Path, target: Path) -> None:
    """Copy a database to a new file: one committed state, whoever writes meanwhile.

    Raises:
        StoreCorruptError: the source is damaged.
        StoreError: a file cannot be read or written.
    """
    with (
        explain_sqlite_errors(source),
        closing(open_database(source)) as opened,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        # A transaction holds on to one state; without it the copy starts anew at every commit.
        opened.execute("BEGIN")
        opened.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        opened.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def replace_database(target: Path, source: Path) -> Path | None:
    """Put a database in the place of another, for those too who have the other open.

    The caller holds the writer lock. If the present file is too damaged to be written into, it is
    kept under another name, which is returned; programs that have it open must be restarted.
    Whoever is killed meanwhile leaves either the old files whole, or what `end_replacement` ends.
    """
    end_replacement(target)
    if target.exists():
        try:
            with (
                closing(sqlite3.connect(source, isolation_level=None)) as opened,
                closing(sqlite3.connect(target, isolation_level=None, timeout=30)) as present,
            ):
                present.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                opened.backup(present)
                present.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except UNREADABLE as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_NOW:
                with explain_sqlite_errors(target):
                    raise
        else:
            source.unlink()
            return None
    with source.open("rb") as written:
        os.fsync(written.fileno())
    kept = _link_aside(target)
    source.replace(coming(target))
    end_replacement(target)
    return kept


def end_replacement(path: Path) -> Path | None:
    """Put a file in place that was about to be when its program was killed, if there is one.

    Return the name under which the damaged file was kept. The caller holds the writer lock.
    """
    if not coming(path).exists():
        return None
    for suffix in _COMPANIONS[1:]:  # a log that stands beside another file is taken for its own
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    coming(path).replace(path)
    return _last_aside(path)


def keep_aside(path: Path) -> Path:
    """Copy the files of a database to a name that is free, and return that name."""
    kept = _free_name(path)
    copy_files(path, kept)
    return kept


def copy_files(path: Path, target: Path) -> None:
    """Copy the files of a database as they are, damage and all; nobody may be writing."""
    for suffix in _COMPANIONS:
        file = path.with_name(path.name + suffix)
        if file.exists():
            shutil.copy2(file, target.with_name(target.name + suffix))


def remove_files(path: Path) -> None:
    """Delete the files of a database."""
    for suffix in _COMPANIONS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _link_aside(path: Path) -> Path | None:
    """Give the files of a database that is about to be replaced a second name; return that."""
    if not path.exists():
        return None
    kept = _free_name(path)
    for suffix in _COMPANIONS:
        file = path.with_name(path.name + suffix)
        if file.exists():
            _link(file, kept.with_name(kept.name + suffix))
    return kept


def _link(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # a file system without links
        shutil.copy2(file, name)


def _free_name(path: Path) -> Path:
    return next(name for name in _names_aside(path) if not name.exists())


def _last_aside(path: Path) -> Path | None:
    *_, last = (None, *takewhile(Path.exists, _names_aside(path)))
    return last


def _names_aside(path: Path) -> Iterator[Path]:
    return (path.with_name(f"{path.name}.damaged-{number}") for number in count(1))
