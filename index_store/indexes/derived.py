"""The derived indexes on disk: verified when loaded, brought up to date, replaced by a rename.

A build is a folder that never changes once it has its name. It holds the vectors, the words, and a
manifest with the identity of the state of the catalog and the checksum of every file. The file
CURRENT names the build in use.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import analysis_version
from index_store.catalog.columns import ArticleColumns, load_columns, read_columns
from index_store.catalog.reading import Catalog
from index_store.catalog.state import current_edition, read_generation, read_identity
from index_store.errors import StoreError
from index_store.indexes import vector_home
from index_store.indexes.build_files import (
    UNREADABLE,
    current_build,
    own_checksum,
    point_at,
    seal,
    start_build,
    tidy,
)
from index_store.indexes.contents import (
    Contents,
    chunk_words,
    difference,
    load_contents,
    other_vectors,
    read_contents,
    read_wanted,
    save_contents,
    unchanged,
)
from index_store.indexes.dense import DenseIndex
from index_store.indexes.lexical import LexicalIndex
from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_dense import MilvusDense
from index_store.indexes.milvus_errors import MilvusError
from index_store.indexes.vector_home import Dense
from index_store.indexes.verified_files import are_whole, checksum
from index_store.number_sets import intersection, without
from index_store.records import Identity, Manifest

_FORMAT = 2
_IN_MEMORY = "memory"
_COLUMNS = "columns.npz"


@dataclass(frozen=True, slots=True)
class Derived:
    """The indexes of one state of the catalog. `build` distinguishes two builds of one state.

    Builds of earlier versions have no `columns`. If the vectors are not where they are wanted, the
    build is not `is_at_home`, and `dense` is empty.
    """

    generation: int
    identity: Identity
    build: str
    manifest: Manifest
    dense: Dense
    lexical: LexicalIndex
    contents: Contents
    columns: ArticleColumns | None
    is_at_home: bool = True

    def is_behind(self, identity: Identity) -> bool:
        """Tell whether these are not the indexes of a state of the catalog.

        Raises:
            MilvusError: the vectors are in Milvus, and the server is away.
        """
        is_of_it = self.is_at_home and self.identity == identity
        return not is_of_it or (isinstance(self.dense, MilvusDense) and not self.dense.is_in_step())


def load_current(
    folder: Path, manifest: Manifest, home: MilvusCollection | None = None
) -> Derived | None:
    """Load the build in use, or return `None` if it is missing, damaged or of another kind.

    `home` is where its vectors must be; `None` is the folder of the build. Every byte is checked
    once, because FAISS notices a truncated file but not a flipped bit.
    """
    for _ in range(5):  # a writer may swap the build while it is being read
        build = current_build(folder)
        loaded = _load(folder / build, manifest, home) if build else None
        if loaded is not None or build == current_build(folder):
            return loaded
    return None


def problems(
    folder: Path, catalog: Catalog, manifest: Manifest, home: MilvusCollection | None = None
) -> list[str]:
    """Return the problems of the build in use; none if all is well.

    A build that is behind the catalog is well, also one of other vectors: an ingest or a reindex
    may be running, or was killed, and the next question brings it up to date. A first ingest that
    is ended early leaves no chunk and needs no build.
    """
    build = current_build(folder)
    if build is None:
        _, chunks = catalog.count()
        return [f"{folder}: no derived indexes"] if chunks else []
    try:
        described = json.loads((folder / build / "manifest.json").read_text(encoding="utf-8"))
        found = [
            f"{folder / build / name}: the checksum does not match"
            for name, wanted in described["files"].items()
            if checksum(folder / build / name) != wanted
        ]
    except UNREADABLE as error:
        return [f"{folder / build}: cannot be read ({error})"]
    if found:
        return found
    loaded = _load(folder / build, manifest, home)
    if loaded is None:
        told = f"{folder / build}: its manifest is damaged, or of another encoder or version"
        return [] if _is_of_earlier_state(described, catalog) else [told]
    try:
        return [f"{folder / build}: {problem}" for problem in _examined(loaded, catalog, home)]
    except MilvusError as error:
        return [str(error)]


def _is_of_earlier_state(described: dict[str, Any], catalog: Catalog) -> bool:
    """Tell whether a manifest is whole, and of another state than that of the catalog."""
    is_whole = described.pop("checksum", None) == own_checksum(described)
    return is_whole and described.get("identity") != asdict(catalog.identity())


def _examined(loaded: Derived, catalog: Catalog, home: MilvusCollection | None) -> Iterator[str]:
    """Yield the problems of a build whose files are whole.

    Vectors that are elsewhere than they are wanted are well: the next question makes them there.

    Raises:
        MilvusError: the server is away.
    """
    if loaded.is_at_home:
        yield from _differences(loaded, catalog)
    elif home is not None:
        home.dimension()


def _differences(loaded: Derived, catalog: Catalog) -> Iterator[str]:
    """Yield what the indexes hold and the catalog does not, chunk by chunk."""
    with catalog.reading() as connection:
        edition = current_edition(connection)
        assert edition is not None  # noqa: S101 - callers have looked
        wanted = read_contents(connection, edition[0])
        if loaded.identity == read_identity(connection) and len(loaded.contents) != len(wanted):
            yield f"it holds {len(loaded.contents)} chunks, and the catalog {len(wanted)}"
        yield from _other_columns(loaded, connection, edition[0])
        same = unchanged(loaded.contents, wanted)
        for number in without(intersection(loaded.contents[:, 0], wanted[:, 0]), same):
            yield f"chunk {number} in it is another than that in the catalog"
        listed = loaded.contents[:, 0]
        if not np.array_equal(np.sort(loaded.dense.numbers()), listed):
            yield "its vectors are of other chunks than it says"
        elif not np.array_equal(loaded.lexical.numbers(), listed):
            yield "its words are of other chunks than it says"
        else:
            for number in other_vectors(connection, same, loaded.dense):
                yield f"the vector of chunk {number} in it is another than that in the catalog"
            if loaded.identity == read_identity(connection):
                columns = read_columns(connection, edition[0])
                yield from vector_home.other_facts(loaded.dense, wanted, columns)


def _other_columns(loaded: Derived, connection: sqlite3.Connection, edition: int) -> Iterator[str]:
    """Say so if the columns of the very state of the catalog are not what it holds."""
    columns = loaded.columns
    if columns is None or columns.state != read_identity(connection).state:
        return
    if not columns.equals(read_columns(connection, edition)):
        yield "what filters compare in it is not what the catalog holds"


def with_columns(loaded: Derived, catalog: Catalog) -> Derived:
    """Return indexes with their columns, read from the catalog if the build has none yet."""
    if loaded.columns is not None:
        return loaded
    with catalog.reading() as connection:
        edition = current_edition(connection)
        if edition is None or read_identity(connection) != loaded.identity:
            return loaded
        return replace(loaded, columns=read_columns(connection, edition[0]))


def bring_up_to_date(
    folder: Path,
    catalog: Catalog,
    base: Derived | None,
    home: MilvusCollection | None = None,
    *,
    persist: bool,
    touched: NDArray[np.int64] | None = None,
) -> Derived:
    """Return indexes that match the catalog, made by adding to and removing from `base`.

    Of `base`, all chunks but the `touched` ones are as in the catalog; `None`: any may be other.

    With `persist`, write the result and make it the current build; the caller must hold the writer
    lock. Without `persist`, build everything in memory and write nothing.

    Raises:
        StoreError: the files cannot be written, or `home` is away or holds something else.
        StoreCorruptError: the catalog holds vectors of another size.
    """
    with catalog.reading() as connection:
        edition = current_edition(connection)
        assert edition is not None  # noqa: S101 - callers have looked
        if not persist:
            return _filled(connection, edition, _IN_MEMORY, beside=None, base=None, home=home)
        build = f"{read_generation(connection):010d}-{secrets.token_hex(4)}"
        beside = folder / f"{build}.part"
        try:
            folder.mkdir(exist_ok=True)
            before = folder / base.build if base else None
            start_build(beside, before)
            where: dict[str, Any] = {"beside": beside, "home": home}
            made = _filled(connection, edition, build, base=base, touched=touched, **where)
            _save(made, beside, before)
            beside.rename(folder / build)
            point_at(folder, build)
        except OSError as error:
            raise StoreError(
                f"{folder}: the search indexes cannot be written ({error}); nothing stored is "
                "lost. Check that the disk is not full and that you may write there, and try again"
            ) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    tidy(folder, keep=build)
    # Its words were written where the folder was before it got its name.
    return replace(made, lexical=LexicalIndex(folder / build / "lexical"))


def _filled(
    connection: sqlite3.Connection,
    edition: tuple[int, Manifest],
    build: str,
    *,
    beside: Path | None,
    base: Derived | None,
    home: MilvusCollection | None,
    touched: NDArray[np.int64] | None = None,
) -> Derived:
    """Make both indexes hold exactly the chunks of the edition, whatever they held before.

    The words are written into the folder `beside`, or kept in memory if there is none.
    """
    number, manifest = edition
    wanted, owners = read_wanted(connection, number, base.contents if base else None, touched)
    columns = read_columns(connection, number, (wanted[:, 0], owners))
    vectors = (base.dense, base.contents) if base and base.is_at_home else None
    dense = vector_home.filled(
        connection,
        manifest,
        wanted=wanted,
        columns=columns,
        base=vectors,
        home=home,
        beside=beside,
    )
    lexical = LexicalIndex(beside / "lexical" if beside else None)
    gone, new = difference(base.contents if base else wanted[:0], wanted)
    lexical.update(gone, chunk_words(connection, new))
    generation, identity = read_generation(connection), read_identity(connection)
    return Derived(generation, identity, build, manifest, dense, lexical, wanted, columns)


def _save(made: Derived, beside: Path, base: Path | None) -> None:
    """Write what is not written yet into the folder of a build, and seal it."""
    told = vector_home.save(made.dense, beside)
    save_contents(made.contents, beside / "contents.npy")
    assert made.columns is not None  # noqa: S101 - just read
    made.columns.save(beside / _COLUMNS)
    described = {
        "format": _FORMAT,
        "generation": made.generation,
        "identity": asdict(made.identity),
        "analysis": analysis_version(),
        "manifest": asdict(made.manifest),
        **told,
    }
    seal(beside, described, base)


def _load(folder: Path, manifest: Manifest, home: MilvusCollection | None) -> Derived | None:
    with contextlib.suppress(*UNREADABLE):
        described: dict[str, Any] = json.loads(
            (folder / "manifest.json").read_text(encoding="utf-8")
        )
        fits = (
            described["format"] == _FORMAT
            and described["analysis"] == analysis_version()
            and described["manifest"] == asdict(manifest)
            and described.pop("checksum") == own_checksum(described)
            and {vector_home.needed_file(described), "contents.npy", "lexical/meta.json"}
            <= described["files"].keys()
            and are_whole(folder, described["files"])
        )
        if fits:
            dense = vector_home.load(folder, described, manifest, home)
            return Derived(
                described["generation"],
                Identity(**described["identity"]),
                folder.name,
                manifest,
                dense or DenseIndex.empty(manifest.dimension),
                LexicalIndex(folder / "lexical"),
                load_contents(folder / "contents.npy"),
                load_columns(folder / _COLUMNS) if _COLUMNS in described["files"] else None,
                is_at_home=dense is not None,
            )
    return None
