"""Repairs a store: makes again what can be made, and names what only its source can give back.

The damaged file is kept beside the store, under another name.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index_store.catalog.change_mark import ChangeMark, known_change, read_mark, settle_mark
from index_store.catalog.mending import Loss, Mending, mend, unprepared
from index_store.catalog.salvage import salvage
from index_store.catalog.schema import connect, explain_sqlite_errors
from index_store.catalog.snapshot import (
    copy_files,
    end_replacement,
    keep_aside,
    remove_files,
    replace_database,
)
from index_store.catalog.soundness import is_sound
from index_store.errors import StoreCorruptError, StoreNotFoundError
from index_store.indexes.build_files import told_manifest
from index_store.indexes.verified_files import forget_verified
from index_store.writer_lock import writer_lock

_CATALOG = "catalog.sqlite3"


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did.

    `mended` is made again, or will be; `lost` has to be ingested again; `unprepared` is the number
    of articles that have to be cut and encoded again; `kept` is the damaged file, if there was one.
    `setback` says which stored changes are gone, if some are; that is told until `end_setback`.
    """

    mended: tuple[str, ...]
    lost: tuple[Loss, ...]
    unprepared: int
    kept: Path | None
    setback: str | None = None


def repair_store(folder: Path) -> Repair:
    """Mend the catalog of a store, and drop its indexes if they were made of what was damaged.

    Dates that were set by hand are kept, for lost articles too. Nothing is encoded here.

    Raises:
        StoreNotFoundError: there is no store.
        StoreCorruptError: nothing can be read of the catalog.
        StoreLockedError: another process is writing.
    """
    catalog = folder / _CATALOG
    if not folder.is_dir() or not (catalog.exists() or (folder / "derived").exists()):
        raise StoreNotFoundError(folder)
    if not catalog.exists() or catalog.stat().st_size == 0:
        raise StoreCorruptError(
            f"{catalog} is empty or gone; put back a backup with: dateline restore, or move the "
            "folder away and ingest the articles again"
        )
    with writer_lock(folder, "repair"):
        kept = end_replacement(catalog)
        kept = kept if is_sound(catalog) else _rebuild(catalog)
        known = told_manifest(folder / "derived")
        with explain_sqlite_errors(catalog), closing(connect(catalog)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            mark = ChangeMark(catalog, connection)
            if mark.missing:  # first: after a kill the number that is given now may hide it
                mark.note(known_change(connection))
            last = read_mark(catalog)
            done = mend(connection, known, last.change.number if last else 0)
            missing = unprepared(connection)
            connection.execute("COMMIT")
            is_changed = bool(kept or done.mended or done.lost)
            gone, change = mark.missing, known_change(connection)
            if gone:
                mark.note(change)
            elif is_changed and change:
                mark.settle(change)
            mark.close()
        if is_changed:
            shutil.rmtree(folder / "derived", ignore_errors=True)
        forget_verified(folder / "derived")  # what rots behind its back is found by reading it
    return _report(done, missing, kept, gone.told(catalog) if gone else None)


def end_setback(folder: Path) -> None:
    """Tell no more that stored changes are gone: they were ingested again, or are given up.

    Raises:
        StoreLockedError: another process is writing.
    """
    with writer_lock(folder, "repair"), closing(connect(folder / _CATALOG)) as connection:
        settle_mark(folder / _CATALOG, connection)


def _report(done: Mending, missing: int, kept: Path | None, told: str | None) -> Repair:
    rebuilt = ["the structure of the catalog: made again from its rows"] if kept else []
    return Repair((*rebuilt, *done.mended), tuple(done.lost), missing, kept, told)


def _rebuild(catalog: Path) -> Path:
    """Put a new file of all readable rows in place of a damaged one; return the kept old one."""
    kept = keep_aside(catalog)
    try:
        with tempfile.TemporaryDirectory(dir=catalog.parent, suffix=".part") as beside:
            old, new = Path(beside) / "old", Path(beside) / "new"
            copy_files(catalog, old)
            salvage(old, new, name=catalog)
            aside = replace_database(catalog, new)
    except BaseException:
        remove_files(kept)
        raise
    if aside is not None:  # it was so damaged that the file itself was put aside
        remove_files(kept)
    return aside or kept
