"""Backups: one file with all that a store cannot make again, which can be verified and restored.

A backup is a zip. It holds the catalog (a consistent copy, taken while others may write), the other
files of the store, and `manifest.json`: which archive it is, in which state, and the size and
SHA-256 of every file. What is derived from the catalog is left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from index_store.catalog.change_mark import expect_replacement, settle_mark
from index_store.catalog.reading import Catalog
from index_store.catalog.schema import connect
from index_store.catalog.snapshot import copy_database, replace_database
from index_store.errors import DatelineError, NoSpaceError, StoreError, StoreNotFoundError
from index_store.folder import catalog_bytes
from index_store.space import require_space, space_to_index
from index_store.writer_lock import writer_lock

CATALOG = "catalog.sqlite3"
_MANIFEST = "manifest.json"
_FORMAT = 1
_BLOCK = 1 << 20
_LARGEST_MANIFEST = 1 << 26  # bytes; it names a few files
_LARGEST_FILE = 1 << 63  # bytes; no disk has so many
_DATABASE = ".sqlite3"
# What of a store is not kept: made of the catalog, or of a process at work; nor who may use it, so
# that no key which was revoked comes back with a backup, and no log or history of theirs leaves
# with one.
_LEFT_OUT = ("derived", "writer.lock", "writer.json", "access", "history.sqlite3")

# What reading a file that is no backup, or a damaged one, can raise.
_UNREADABLE = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
    ValueError, KeyError, TypeError, AttributeError,
)  # fmt: skip


class BackupError(StoreError):
    """A backup cannot be made, is damaged, or cannot be restored."""


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds: which archive (`store`), which `state` of it, and the files.

    `made` is the local time (ISO 8601). `files` gives size in bytes and SHA-256 by name.
    """

    store: str
    state: str
    made: str
    articles: int
    chunks: int
    files: dict[str, tuple[int, str]]
    format: int = _FORMAT


def back_up(folder: Path, file: Path) -> BackupManifest:
    """Write a backup of the store in `folder` to a new file; others may read and write meanwhile.

    The file appears whole or not at all.

    Raises:
        StoreNotFoundError: there is no store.
        BackupError: the file exists, lies in the store, or cannot be written.
        StoreCorruptError: the catalog is damaged.
    """
    _refuse_place(folder, file)
    part = file.with_name(f"{file.name}.part")
    with _explained(file), tempfile.TemporaryDirectory(dir=file.parent) as beside:
        copy = Path(beside) / CATALOG
        copy_database(folder / CATALOG, copy)
        with closing(Catalog(copy)) as catalog:
            identity, (articles, chunks) = catalog.identity(), catalog.count()
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                files = {CATALOG: _add(archive, CATALOG, copy)}
                for number, (name, path) in enumerate(_other_files(folder)):
                    whole = path
                    if path.suffix == _DATABASE:
                        whole = Path(beside) / f"{number}{_DATABASE}"
                        copy_database(path, whole)
                    with suppress(FileNotFoundError):  # somebody deleted it meanwhile
                        files[name] = _add(archive, name, whole)
                made = datetime.now().astimezone().isoformat(timespec="seconds")
                manifest = BackupManifest(
                    identity.store, identity.state, made, articles, chunks, files
                )
                archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
            _force(part)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return manifest


def verify_backup(file: Path) -> BackupManifest:
    """Read a backup to the last byte, open its catalog, and examine every row of it.

    Raises:
        BackupError: it is no backup, or it is damaged; the message says where.
    """
    with tempfile.TemporaryDirectory() as beside:
        return _unpack(file, Path(beside))


def restore_backup(file: Path, folder: Path, *, replace: bool = False) -> BackupManifest:
    """Put the store of a backup in `folder`, after it was verified.

    Without `replace`, a folder that holds an archive is refused. With it, that archive is given up;
    programs that are answering from it go on with the restored one.

    Raises:
        BackupError: the backup is damaged, or the folder holds an archive.
        StoreLockedError: another process is writing there.
    """
    if (folder / CATALOG).exists() and not replace:
        raise BackupError(
            f"{folder} holds an archive already; give another --store, or --replace to give that "
            "archive up for the one in the backup"
        )
    is_new = not folder.exists()
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with _explained(folder), tempfile.TemporaryDirectory(dir=folder, suffix=".part") as beside:
            manifest = _unpack(file, Path(beside), target=folder)
            with writer_lock(folder, "restore"):
                with closing(connect(Path(beside) / CATALOG)) as coming:
                    expect_replacement(folder / CATALOG, coming)
                replace_database(folder / CATALOG, Path(beside) / CATALOG)
                with closing(connect(folder / CATALOG)) as restored:
                    settle_mark(folder / CATALOG, restored)  # it is older, and meant to be
                for name in manifest.files.keys() - {CATALOG}:
                    if PurePosixPath(name).parts[0] in _LEFT_OUT:
                        continue  # none of ours: somebody put it there
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (Path(beside) / name).replace(folder / name)
    except DatelineError:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return manifest


def _refuse_place(folder: Path, file: Path) -> None:
    if not (folder / CATALOG).is_file():
        raise StoreNotFoundError(folder)
    if file.exists():
        raise BackupError(f"{file} exists already; give the backup another name")
    if not file.parent.is_dir():
        raise BackupError(f"there is no folder {file.parent}; make it, or choose another place")
    if file.resolve().is_relative_to(folder.resolve()):
        raise BackupError(f"{file} lies in the store itself; keep backups elsewhere")
    _require_space(file.parent, 2 * catalog_bytes(folder))


def _require_space(place: Path, needed: int) -> None:
    try:
        require_space(place, needed)
    except NoSpaceError as error:
        raise BackupError(str(error)) from error


def _other_files(folder: Path) -> Iterator[tuple[str, Path]]:
    # Not `rglob`: it fails on a folder that is deleted meanwhile, as writers do below `derived`.
    for parent, folders, names in os.walk(folder):
        if Path(parent) == folder:
            folders[:], names[:] = (
                [each for each in found if not _is_ours(each)] for found in (folders, names)
            )
        folders.sort()
        for path in (Path(parent) / name for name in sorted(names)):
            is_log = path.name.endswith((f"{_DATABASE}-wal", f"{_DATABASE}-shm"))
            if path.is_file() and not path.is_symlink() and not is_log:
                yield path.relative_to(folder).as_posix(), path


def _is_ours(first: str) -> bool:
    return first in _LEFT_OUT or first.startswith(CATALOG) or first.endswith(".part")


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> tuple[int, str]:
    described = zipfile.ZipInfo(name)
    described.compress_type = zipfile.ZIP_DEFLATED
    described.external_attr = 0o600 << 16
    with path.open("rb") as source, archive.open(described, "w", force_zip64=True) as target:
        return _copy(source, target)


def _copy(source: IO[bytes], target: IO[bytes], *, most: int | None = None) -> tuple[int, str]:
    """Copy a stream, of at most so many bytes; return its size and its SHA-256."""
    digest, size = hashlib.sha256(), 0
    while (most is None or size <= most) and (block := source.read(_BLOCK)):
        digest.update(block)
        size += len(block)
        target.write(block)
    return size, digest.hexdigest()


def _unpack(file: Path, folder: Path, *, target: Path | None = None) -> BackupManifest:
    """Unpack a backup, and hold all of it against its manifest.

    Nothing is unpacked where there is no room for it, and for the archive made of it in `target`.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(file, archive)
            _require_space(folder, _space_of(manifest, target))
            for name, wanted in manifest.files.items():
                _refuse_name(file, name)
                unpacked_file = folder / name
                unpacked_file.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as packed, unpacked_file.open("wb") as unpacked:
                    # No more than it says: a few packed bytes can become more than a disk has.
                    if _copy(packed, unpacked, most=wanted[0]) != wanted:
                        raise BackupError(f"{file} is damaged: {name} is not what was backed up")
    except _UNREADABLE as error:
        told = error.args[0] if isinstance(error, KeyError) else error  # else in quotation marks
        reason = getattr(error, "strerror", None) or told
        raise BackupError(
            f"{file} cannot be read as a backup ({reason}); take another copy of it"
        ) from error
    _examine(file, folder / CATALOG, manifest)
    return manifest


def _space_of(manifest: BackupManifest, target: Path | None) -> int:
    """Return how many bytes unpacking takes, and restoring to `target` after that."""
    unpacked = sum(size for size, _ in manifest.files.values())
    if target is None:
        return unpacked
    catalog, _ = manifest.files[CATALOG]
    # An archive that is replaced gets the new one as a log, and then in its own file.
    replacing = 2 * catalog if (target / CATALOG).exists() else 0
    return unpacked + replacing + space_to_index(catalog)


def _read_manifest(file: Path, archive: zipfile.ZipFile) -> BackupManifest:
    with archive.open(_MANIFEST) as packed:
        written = packed.read(_LARGEST_MANIFEST)
    try:
        described = json.loads(written)
        is_newer = described["format"] > _FORMAT
        manifest = None if is_newer else _manifest_of(described)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BackupError(
            f"{file} cannot be read as a backup (its manifest is not one that Dateline writes); "
            "take another copy of it"
        ) from error
    if manifest is None:
        raise BackupError(f"{file} was made by a newer Dateline; upgrade Dateline to restore it")
    if CATALOG not in manifest.files:
        raise BackupError(f"{file} holds no catalog")
    return manifest


def _manifest_of(described: dict[str, Any]) -> BackupManifest:
    """Return what JSON describes.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: it describes no manifest.
    """
    known = {name: described[name] for name in BackupManifest.__slots__}
    files = {name: (size, digest) for name, (size, digest) in known.pop("files").items()}
    sizes = [size for size, _ in files.values()]
    if not all(type(size) is int and 0 <= size < _LARGEST_FILE for size in sizes):
        raise ValueError(sizes)
    return BackupManifest(**known, files=files)


def _refuse_name(file: Path, name: str) -> None:
    """Refuse a name that leads out of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise BackupError(f"{file} is no backup of Dateline: it names a file {name!r}")


def _examine(file: Path, copy: Path, manifest: BackupManifest) -> None:
    with closing(Catalog(copy)) as catalog:
        found = catalog.problems()
        identity, counts = catalog.identity(), catalog.count()
    if found:
        raise BackupError(f"{file} holds a damaged archive: {found[0]} ({len(found)} problems)")
    if identity.store != manifest.store or counts != (manifest.articles, manifest.chunks):
        raise BackupError(f"{file} is damaged: its manifest tells of another archive")
    for suffix in ("-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(
            f"{place} cannot be written ({error.strerror or error}); check that the disk is not "
            "full and that you may write there"
        ) from error


def _force(path: Path) -> None:
    with path.open("rb") as file, suppress(OSError):
        os.fsync(file.fileno())
