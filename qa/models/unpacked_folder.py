"""A folder of unpacked files with their checksums, by which damage is noticed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from index_store.indexes.verified_files import are_whole, checksum

CHECKSUMS = "checksums.json"


def seal_folder(folder: Path) -> None:
    """Write the checksums of all files that a folder holds into it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = {path.relative_to(folder).as_posix(): checksum(path) for path in files}
    (folder / CHECKSUMS).write_text(json.dumps(told, indent=2), encoding="utf-8")


def is_whole(folder: Path) -> bool:
    """Tell whether the files of a folder are those that it was sealed with.

    A file that was read once is only read again if its size, time or inode is another.
    """
    try:
        told = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
        return are_whole(folder, told)
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def put_in_place(finished: Path, folder: Path) -> None:
    """Move a finished folder to its place, and delete what was there."""
    former = folder.with_name(f"{folder.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    if folder.exists():  # programs that have its files open go on with them
        folder.replace(former)
    finished.replace(folder)
    shutil.rmtree(former, ignore_errors=True)
