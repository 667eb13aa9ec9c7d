"""The files of a build: started, sealed with checksums, put in use by a rename, tidied away."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from index_store.indexes.kept_arrays import UNREADABLE as UNREADABLE_ARRAYS
from index_store.indexes.verified_files import checksum
from index_store.records import Identity, Manifest

# What reading a damaged build can raise: no file, no JSON, other keys, bytes FAISS cannot read, and
# arrays whose zip is damaged.
UNREADABLE = (*UNREADABLE_ARRAYS, AttributeError)


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
            link_or_copy(file, beside / "lexical" / file.name)


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file that never changes another name, or a copy on a file system without links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def seal(beside: Path, described: dict[str, Any], base: Path | None) -> None:
    """Write the manifest with the checksum of every file, and force all files to the disk.

    Files that are those of the build before it (`base`) keep the checksums that they have there.
    """
    files = sorted(path for path in beside.rglob("*") if path.is_file() and path.suffix != ".lock")
    before: dict[str, str] = {}
    if base is not None:
        with contextlib.suppress(*UNREADABLE):
            before = _told_by(base)["files"]

    def checksum_of(path: Path, name: str) -> str:
        is_known = base is not None and name in before and path.samefile(base / name)
        return before[name] if is_known else checksum(path)

    named = {path.relative_to(beside).as_posix(): path for path in files}
    sums = {name: checksum_of(path, name) for name, path in named.items()}
    described = {**described, "files": sums}
    described["checksum"] = own_checksum(described)
    (beside / "manifest.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    for path in (*files, beside / "manifest.json", beside / "lexical", beside):
        force(path)


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
    """Delete builds that are no longer in use, and what a process left that was killed.

    Other processes keep the files that they map. One that is writing a file of arrays just now
    finds it gone, and makes it again when it is needed.
    """
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix == ".part":
            with contextlib.suppress(OSError):
                path.unlink()


def own_checksum(described: dict[str, Any]) -> str:
    """Return the SHA-256 of all that a manifest says beside its own checksum."""
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def current_build(folder: Path) -> str | None:
    """Return the name of the build in use, or `None` if there is none."""
    try:
        return (folder / "CURRENT").read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def told_manifest(folder: Path) -> Manifest | None:
    """Return how the vectors were made, as the build in use says; `None` if it says nothing."""
    with contextlib.suppress(*UNREADABLE):
        return Manifest(**_described(folder)["manifest"])
    return None


def told_state(folder: Path) -> str | None:
    """Return the state of the catalog that the build in use is of; `None` if it says nothing."""
    with contextlib.suppress(*UNREADABLE):
        return Identity(**_described(folder)["identity"]).state
    return None


def _described(folder: Path) -> dict[str, Any]:
    """Return what the build in use says of itself; raise one of `UNREADABLE` if it is damaged."""
    return _told_by(folder / (current_build(folder) or ""))


def _told_by(build: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    if described.pop("checksum") != own_checksum(described):
        raise ValueError("another checksum")
    return described
