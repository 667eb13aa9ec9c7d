"""What is in the folder of a store, what it takes on the disk, and when it was last changed."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from index_store.errors import StoreError

CATALOG = "catalog.sqlite3"


def store_bytes(path: Path) -> int:
    """Return how many bytes the files of a store take; files that vanish count as nothing."""
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - much faster
            except OSError:
                continue
    return total


def catalog_bytes(path: Path) -> int:
    """Return how many bytes the catalog of a store takes, with its log, which may vanish."""
    total = 0
    for file in (path / CATALOG, path / f"{CATALOG}-wal"):
        with suppress(OSError):
            total += file.stat().st_size
    return total


def last_change(path: Path) -> datetime | None:
    """Return when articles of a store were last written, in UTC; `None` if there is no store.

    That is the time of the catalog, or of its log if changes are still in there alone.
    """
    times = []
    for file in (path / CATALOG, path / f"{CATALOG}-wal"):
        try:
            found = file.stat()
        except OSError:
            continue
        if found.st_size:  # an empty log is made by reading
            times.append(found.st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def is_lost(path: Path) -> bool:
    """Tell whether the indexes of a store were made from a catalog that no longer exists.

    Raises: StoreError: the folder cannot be read.
    """
    catalog = path / CATALOG
    is_empty = not is_there(catalog) or catalog.stat().st_size == 0
    return is_empty and (path / "derived" / "CURRENT").exists()


def is_there(file: Path) -> bool:
    """Tell whether a file of a store is there.

    Raises: StoreError: its folder cannot be read.
    """
    try:
        return file.is_file()
    except OSError as error:
        raise StoreError(
            f"{file} cannot be read ({error.strerror}); check the permissions of its folder"
        ) from error
