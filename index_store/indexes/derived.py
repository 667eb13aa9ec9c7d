"""The derived indexes on disk: verified when loaded, brought up to date, replaced by a rename.

A build is a folder that never changes once it has its name. It holds the vectors, the words, and a
manifest with the generation of the catalog and the checksum of every file. The file CURRENT names
the build in use.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import analysis_version, terms
from index_store.catalog.reading import Catalog, current_edition, read_generation
from index_store.errors import StoreCorruptError, StoreError
from index_store.indexes.dense import DenseIndex
from index_store.indexes.lexical import LexicalIndex
from index_store.records import Manifest

_FORMAT = 1
_BATCH = 4096  # rows read from the catalog at once
_IN_MEMORY = "memory"

# What reading a damaged build can raise: no file, no JSON, other keys, bytes FAISS cannot read.
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Derived:
    """The indexes of one state of the catalog. `build` distinguishes two builds of one state."""

    generation: int
    build: str
    manifest: Manifest
    dense: DenseIndex
    lexical: LexicalIndex


def current_build(folder: Path) -> str | None:
    """Return the name of the build in use, or `None` if there is none."""
    try:
        return (folder / "CURRENT").read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def load_current(folder: Path, manifest: Manifest) -> Derived | None:
    """Load the build in use, or return `None` if it is missing, damaged or of another kind.

    Every byte is checked, because FAISS notices a truncated file but not a flipped bit.
    """
    for _ in range(5):  # a writer may swap the build while it is being read
        build = current_build(folder)
        loaded = _load(folder / build, manifest) if build else None
        if loaded is not None or build == current_build(folder):
            return loaded
    return None


def problems(folder: Path, manifest: Manifest) -> list[str]:
    """Return the problems of the build in use; none if all is well."""
    build = current_build(folder)
    if build is None:
        return [f"{folder}: no derived indexes"]
    try:
        described = json.loads((folder / build / "manifest.json").read_text(encoding="utf-8"))
        found = [
            f"{folder / build / name}: the checksum does not match"
            for name, checksum in described["files"].items()
            if _checksum(folder / build / name) != checksum
        ]
    except _UNREADABLE as error:
        return [f"{folder / build}: cannot be read ({error})"]
    if not found and _load(folder / build, manifest) is None:
        return [f"{folder / build}: its manifest is damaged, or of another encoder or version"]
    return found


def bring_up_to_date(
    folder: Path, catalog: Catalog, base: Derived | None, *, persist: bool
) -> Derived:
    """Return indexes that match the catalog, made by adding to and removing from `base`.

    With `persist`, write the result and make it the current build; the caller must hold the writer
    lock. Without `persist`, build everything in memory and write nothing.

    Raises:
        StoreError: the files cannot be written.
        StoreCorruptError: the catalog holds vectors of another size.
    """
    with catalog.reading() as connection:
        edition = current_edition(connection)
        assert edition is not None  # noqa: S101 - callers have looked
        number, manifest = edition
        generation = read_generation(connection)
        if not persist:
            dense, lexical = _fill(connection, number, manifest, None, LexicalIndex(None))
            return Derived(generation, _IN_MEMORY, manifest, dense, lexical)
        build = f"{generation:010d}-{secrets.token_hex(4)}"
        beside = folder / f"{build}.part"
        try:
            folder.mkdir(exist_ok=True)
            _start(beside, folder / base.build if base else None)
            lexical = LexicalIndex(beside / "lexical")
            dense, lexical = _fill(
                connection, number, manifest, base.dense if base else None, lexical
            )
            dense.save(beside / "dense.faiss")
            _seal(beside, generation, manifest)
            beside.rename(folder / build)
            _point_at(folder, build)
        except OSError as error:
            raise StoreError(
                f"{folder}: the search indexes cannot be written ({error}); nothing stored is "
                "lost. Check that the disk is not full and that you may write there, and try again"
            ) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    _tidy(folder, keep=build)
    loaded = load_current(folder, manifest)
    assert loaded is not None  # noqa: S101 - it was written by this process under the lock
    return loaded


def _fill(
    connection: sqlite3.Connection,
    edition: int,
    manifest: Manifest,
    base: DenseIndex | None,
    lexical: LexicalIndex,
) -> tuple[DenseIndex, LexicalIndex]:
    """Make both indexes hold exactly the chunks of the edition.

    Chunks never change and their numbers are never reused, so the difference between two sets of
    numbers tells which chunks to add and which to remove.
    """
    rows = connection.execute(
        "SELECT number FROM chunk WHERE edition = ? ORDER BY number", (edition,)
    ).fetchall()
    wanted = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    dense = base or DenseIndex.empty(manifest.dimension, expected_count=len(wanted))
    present = dense.numbers()
    gone = np.setdiff1d(present, wanted)
    new = np.setdiff1d(wanted, present)
    dense.remove(gone)
    lexical.update(gone, _add(connection, new, dense))
    return dense, lexical


def _add(
    connection: sqlite3.Connection, numbers: NDArray[np.int64], dense: DenseIndex
) -> Iterator[tuple[int, list[str]]]:
    """Yield the terms of each chunk, and add its vector to the dense index meanwhile."""
    for at in range(0, len(numbers), _BATCH):
        part = numbers[at : at + _BATCH]
        rows = connection.execute(
            'SELECT chunk.number, chunk.start, chunk."end", chunk.section, vector, article.number,'
            " title, language FROM chunk"
            " JOIN embedding ON embedding.number = chunk.embedding"
            " JOIN article ON article.number = chunk.article"
            " WHERE chunk.number BETWEEN ? AND ? ORDER BY chunk.number",
            (int(part[0]), int(part[-1])),
        ).fetchall()
        among = set(part.tolist())
        rows = [row for row in rows if row[0] in among]
        if any(len(row[4]) != 2 * dense.dimension for row in rows):
            raise StoreCorruptError(
                "the catalog is damaged: it holds vectors of another size than its encoder makes. "
                "Put back a copy of it, or move the store away and ingest the articles again"
            )
        vectors = np.frombuffer(b"".join(row[4] for row in rows), dtype=np.float16)
        dense.add(part, vectors.reshape(len(rows), -1).astype(np.float32))
        text, owner = "", None
        for number, start, end, section, _, article, title, language in rows:
            if article != owner:
                (text,) = connection.execute(
                    "SELECT text FROM article WHERE number = ?", (article,)
                ).fetchone()
                owner = article
            words = "\n".join(part for part in (title, section, text[start:end]) if part)
            yield number, terms(words, language=language)


def _start(beside: Path, base: Path | None) -> None:
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


def _seal(beside: Path, generation: int, manifest: Manifest) -> None:
    """Write the manifest with the checksum of every file, and force all files to the disk."""
    files = sorted(path for path in beside.rglob("*") if path.is_file() and path.suffix != ".lock")
    described = {
        "format": _FORMAT,
        "generation": generation,
        "analysis": analysis_version(),
        "manifest": asdict(manifest),
        "files": {path.relative_to(beside).as_posix(): _checksum(path) for path in files},
    }
    (beside / "manifest.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    for path in (*files, beside / "manifest.json", beside / "lexical", beside):
        _force(path)


def _point_at(folder: Path, build: str) -> None:
    beside = folder / "CURRENT.part"
    beside.write_text(f"{build}\n", encoding="ascii")
    _force(beside)
    beside.replace(folder / "CURRENT")
    _force(folder)


def _force(path: Path) -> None:
    """Have the operating system write a file or folder through to the disk."""
    if os.name == "nt" and path.is_dir():  # Windows cannot open folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tidy(folder: Path, *, keep: str) -> None:
    """Delete builds that are no longer in use; other processes keep the files that they map."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(folder: Path, manifest: Manifest) -> Derived | None:
    with contextlib.suppress(*_UNREADABLE):
        described: dict[str, Any] = json.loads(
            (folder / "manifest.json").read_text(encoding="utf-8")
        )
        fits = (
            described["format"] == _FORMAT
            and described["analysis"] == analysis_version()
            and described["manifest"] == asdict(manifest)
            # All else in the manifest is held against something; this could be another number.
            and folder.name.startswith(f"{described['generation']:010d}-")
            and {"dense.faiss", "lexical/meta.json"} <= described["files"].keys()
            and all(
                _checksum(folder / name) == checksum
                for name, checksum in described["files"].items()
            )
        )
        if fits:
            dense = DenseIndex.load(folder / "dense.faiss")
            lexical = LexicalIndex(folder / "lexical")
            return Derived(described["generation"], folder.name, manifest, dense, lexical)
    return None
