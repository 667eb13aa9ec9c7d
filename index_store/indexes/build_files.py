"""The files of a build: started, sealed with checksums, put in use by a rename, tidied away."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any


def start_build(beside: Path, base: Path | None) -> None:
    """Make the folder of a build, and start with the words of the build before it.

    Tantivy writes a file once, so the new folder links to the old files. Tantivy replaces its two
    lists of files and never writes into them; its lock files are not linked.
    """
    (beside / "lexical").mkdir(parents=True)
    if base is None:
        return
    for file in (base / "lexical").iterdir():
        if file.suffix != ".lock":
            target = beside / "lexical" / file.name
            try:
                os.link(file, target)
            except OSError:  # a file system without hard links
                shutil.copy2(file, target)


def point_at(folder: Path, build: str) -> None:
    """Make a build the one in use."""
    beside = folder / "CURRENT.part"
    beside.write_text(f"{build}\n", encoding="ascii")
    force(beside)
    beside.replace(folder / "CURRENT")
    force(folder)


def force(path: Path) -> None:
    """Have the operating system write a file or folder through to the disk."""
    if os.name == "nt" and path.is_dir():  # Windows cannot open folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def tidy(folder: Path, *, keep: str) -> None:
    """Delete builds that are no longer in use; other processes keep the files that they map."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def own_checksum(described: dict[str, Any]) -> str:
    """Return the SHA-256 of all that a manifest says beside its own checksum."""
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
