"""Remembers, beside a catalog, its last change, so that changes that are gone are noticed.

SQLite leaves out the end of a log from the first damaged byte on, and says nothing: committed
changes are gone, and what is left is whole. A catalog that was put back from an older copy looks
the same. The mark is a small file that is written in place after each commit and forced to the
disk when the writer closes. It has two slots in turn: a torn or damaged one gives way to the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from index_store.catalog.state import read_generation, read_identity, read_last_number
from index_store.errors import StoreCorruptError

_SUFFIX = ".last"
_SLOT = 1024  # bytes
_SLOTS = 2


@dataclass(frozen=True, slots=True)
class Change:
    """One committed change of the archive `store`, which left it in a `state`.

    `number` counts changes; `articles` is the highest number that an article was given until then.
    """

    store: str
    state: str
    number: int
    articles: int


@dataclass(frozen=True, slots=True)
class Setback:
    """Changes that were stored and are gone.

    `changes` is how many at least; `articles` how many new articles were among them at most, if
    that is known. The last of them was stored `at` a local time (ISO 8601).
    """

    changes: int
    articles: int | None
    at: str

    def told(self, catalog: Path) -> str:
        """Say in words what is gone, and how that can be."""
        changes, them = f"{self.changes} changes (the last of {self.at}) are", "them"
        if self.changes == 1:
            changes, them = f"1 change (of {self.at}) is", "it"
        articles = f"up to {self.articles} new articles"
        if not self.articles:
            articles = "perhaps new articles" if self.articles is None else "no new article"
        return (
            f"{catalog} is older than it was: {changes} missing, and with {them} {articles}. "
            "Either an older copy of the file was put back, or the disk lost what came later; what "
            "is left is whole"
        )

    def remedy(self, catalog: Path) -> str:
        """Say what to do."""
        return (
            "ingest the files that came or changed since again with: dateline repair FILES --store "
            f"{catalog.parent} (without files, that only ends this notice)"
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says: the last change, when it was stored, and what was gone before that."""

    serial: int
    change: Change
    at: str
    missing: Setback | None


def read_change(connection: sqlite3.Connection) -> Change:
    """Return the last change, as the open transaction sees it.

    Raises: StoreCorruptError: the catalog does not tell it.
    """
    identity = read_identity(connection)
    generation = read_generation(connection)
    return Change(identity.store, identity.state, generation, read_last_number(connection))


def read_mark(catalog: Path) -> Mark | None:
    """Return what the mark beside a catalog says; `None` if there is none that can be read."""
    try:
        content = _file(catalog).read_bytes()
    except OSError:
        return None
    found = [_parsed(content[at : at + _SLOT]) for at in range(0, _SLOT * _SLOTS, _SLOT)]
    return max((each for each in found if each), key=lambda mark: mark.serial, default=None)


def setback(mark: Mark | None, present: Change) -> Setback | None:
    """Return what is gone from a catalog that was read after its mark; `None` if nothing is.

    The mark of another archive says nothing.
    """
    if mark is None or mark.change.store != present.store:
        return None
    last, before = mark.change, mark.missing
    is_same = (present.number, present.state) == (last.number, last.state)
    if is_same or present.number > last.number:
        return before
    changes, articles = last.number - present.number, last.articles - present.articles
    if changes == 0 or articles < 0 or (before and before.articles is None):
        return Setback(max(changes, 1) + (before.changes if before else 0), None, mark.at)
    if before is not None:
        changes, articles = changes + before.changes, articles + (before.articles or 0)
    return Setback(changes, articles, mark.at)


class ChangeMark:
    """Writes the mark of a catalog, for its one writer. It never fails: without it, all goes on."""

    def __init__(self, catalog: Path, connection: sqlite3.Connection) -> None:
        """Go on from the mark that is there; what is gone already stays noted."""
        self._catalog = catalog
        self._file: BinaryIO | None = None
        mark = read_mark(catalog)
        present = known_change(connection) if mark else None
        self._last = mark.change if mark else None
        self._serial = mark.serial if mark else 0
        self._missing = setback(mark, present) if present else None

    @property
    def missing(self) -> Setback | None:
        """What was stored and is gone, until `settle`."""
        return self._missing

    def note(self, change: Change | None) -> None:
        """Note a change that was just committed."""
        if change is not None and change != self._last:
            with suppress(OSError):
                self._write(change)
            self._last = change

    def settle(self, change: Change) -> None:
        """Note that a catalog is as it should be: what is gone from it was told."""
        self._missing = None
        for _ in range(_SLOTS):
            with suppress(OSError):
                self._write(change)

    def close(self) -> None:
        """Force the mark to the disk, and close its file."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError), file:
                os.fsync(file.fileno())

    def _write(self, change: Change) -> None:
        self._serial += 1
        at = datetime.now().astimezone().isoformat(sep=" ", timespec="minutes")
        slot = _written(Mark(self._serial, change, at, self._missing))
        if self._file is None:
            self._file = _opened(_file(self._catalog), slot * _SLOTS)
        self._file.seek(self._serial % _SLOTS * _SLOT)
        self._file.write(slot)


def expect_replacement(catalog: Path, coming: sqlite3.Connection) -> None:
    """Note, before another state of it takes its place, that either is as it should be.

    So whoever opens it after a kill in between is not told that changes are gone. The caller holds
    the writer lock, and calls `settle_mark` when the other state is there.
    """
    mark, change = read_mark(catalog), known_change(coming)
    if mark is not None and change is not None and mark.change.store == change.store:
        before_both = min(mark.change.number, change.number) - 1
        writing = ChangeMark(catalog, coming)
        writing.settle(replace(change, number=before_both))
        writing.close()


def settle_mark(catalog: Path, connection: sqlite3.Connection) -> None:
    """Note that a catalog is as it should be; the caller holds the writer lock."""
    change = known_change(connection)
    if change is not None:
        mark = ChangeMark(catalog, connection)
        mark.settle(change)
        mark.close()


def known_change(connection: sqlite3.Connection) -> Change | None:
    """Return the last change, or `None` where a damaged catalog does not tell it."""
    try:
        return read_change(connection)
    except (StoreCorruptError, sqlite3.DatabaseError, UnicodeDecodeError):
        return None


def _file(catalog: Path) -> Path:
    return catalog.with_name(f"{catalog.name}{_SUFFIX}")


def _opened(path: Path, content: bytes) -> BinaryIO:
    """Open a mark; make one of such content if there is none, so that it takes no room later."""
    if not path.exists() or path.stat().st_size != len(content):
        path.write_bytes(content)
    return path.open("r+b", buffering=0)


def _written(mark: Mark) -> bytes:
    described = asdict(mark)
    line = json.dumps(described | {"checksum": _checksum(described)})
    return line.encode("ascii").ljust(_SLOT - 1) + b"\n"


def _parsed(slot: bytes) -> Mark | None:
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        described: dict[str, Any] = json.loads(slot)
        if described.pop("checksum") == _checksum(described):
            missing = described.pop("missing")
            change = Change(**described.pop("change"))
            return Mark(change=change, missing=Setback(**missing) if missing else None, **described)
    return None


def _checksum(described: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
