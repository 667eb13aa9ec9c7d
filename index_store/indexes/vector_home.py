"""Where the vectors of a build live: in a file of its folder, or in a collection of Milvus."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from index_store.catalog.columns import ArticleColumns
from index_store.catalog.state import read_generation, read_identity
from index_store.indexes import grouped
from index_store.indexes.chunk_facts import read_facts
from index_store.indexes.contents import Contents, difference, stored_vectors
from index_store.indexes.dense import DenseIndex
from index_store.indexes.grouped import GroupedIndex
from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_dense import MilvusDense, attached, bring_into_step
from index_store.indexes.milvus_state import CollectionState
from index_store.number_sets import is_among
from index_store.records import Manifest

FileDense = DenseIndex | GroupedIndex
Dense = FileDense | MilvusDense
_FILE = "dense.faiss"
_ROWS = "vectors.npy"


def filled(
    connection: sqlite3.Connection,
    manifest: Manifest,
    *,
    wanted: Contents,
    columns: ArticleColumns,
    base: tuple[Dense, Contents] | None,
    home: MilvusCollection | None,
    beside: Path | None,
) -> Dense:
    """Return an index that holds exactly the wanted chunks, made from `base` and what it holds.

    `beside` is the folder of the build, where `save` writes it; `None` writes nothing anywhere.

    Raises:
        MilvusError: the server is away, or may not be written to and is in another state.
        StoreMismatchError: the collection holds the vectors of another archive.
        StoreCorruptError: a vector in the catalog is damaged.
    """
    dense, present = base or (None, wanted[:0])
    if home is None:
        local = dense if isinstance(dense, FileDense) else None
        return _in_files(connection, manifest.dimension, wanted, (local, present), beside)
    facts, identity = read_facts(wanted, columns), read_identity(connection)
    if beside is None:
        return attached(home, facts, manifest=manifest, identity=identity)
    return bring_into_step(
        connection,
        home,
        facts,
        dense if isinstance(dense, MilvusDense) else None,
        manifest=manifest,
        identity=identity,
        generation=read_generation(connection),
    )


def _in_files(
    connection: sqlite3.Connection,
    dimension: int,
    wanted: Contents,
    base: tuple[FileDense | None, Contents],
    beside: Path | None,
) -> FileDense:
    dense, present = base
    gone, new = difference(present, wanted)
    if dense is None or not _serves(dense, len(wanted), len(gone), len(new)):
        new = wanted[:, 0]
        if len(wanted) > grouped.GROUPED_ABOVE:
            every = (part for _, part in stored_vectors(connection, new, dimension))
            return GroupedIndex.made_of(new, every, dimension, beside)
        dense, gone = DenseIndex.empty(dimension), gone[:0]
    dense.remove(gone)
    for numbers, vectors in stored_vectors(connection, new, dimension):
        dense.add(numbers, vectors)
    return dense


def _serves(dense: FileDense, count: int, gone: int, new: int) -> bool:
    """Tell whether an index can take and lose chunks until it holds `count`."""
    if isinstance(dense, GroupedIndex):
        return dense.serves(count, gone=gone, new=new)
    return count <= grouped.GROUPED_ABOVE


def save(dense: Dense, folder: Path) -> dict[str, Any]:
    """Write an index, or what is known of it, into the folder of a build.

    Returns what the manifest of the build must say of it beside.

    Raises: OSError: the file cannot be written, for example because the disk is full.
    """
    if isinstance(dense, DenseIndex):
        dense.save(folder / _FILE)
        return {}
    if isinstance(dense, GroupedIndex):
        dense.save(folder)
        return {"grouped": True}
    with (folder / _ROWS).open("wb") as file:
        np.save(file, dense.rows)
    return {"vectors": {"place": dense.collection.place.name, "told": asdict(dense.told)}}


def load(
    folder: Path, described: dict[str, Any], manifest: Manifest, home: MilvusCollection | None
) -> Dense | None:
    """Return the index of a build, whose files were verified; `None` if it lives elsewhere."""
    place = described["vectors"]["place"] if "vectors" in described else None
    if place != (home.place.name if home else None):
        return None
    if home is None:
        if "grouped" in described:
            return GroupedIndex.load(folder)
        return DenseIndex.load(folder / _FILE)
    told = described["vectors"]["told"]
    state = CollectionState(**{**told, "manifest": manifest})
    return MilvusDense(home, np.load(folder / _ROWS, allow_pickle=False), state)


def needed_file(described: dict[str, Any]) -> str:
    """Return the file that holds the vectors of a build, or what is known of them."""
    if "vectors" in described:
        return _ROWS
    return grouped.GROUPS if "grouped" in described else _FILE


def other_facts(dense: Dense, wanted: Contents, columns: ArticleColumns) -> Iterator[str]:
    """Yield the chunks whose days, sources and so on are not in Milvus as they are wanted there."""
    if isinstance(dense, MilvusDense):
        held, rows = dense.collection.rows(), read_facts(wanted, columns).rows
        rows = rows[is_among(held[:, 0], rows[:, 0])]
        facts = held[np.searchsorted(held[:, 0], rows[:, 0]), 2]
        for number in rows[facts != rows[:, 2], 0].tolist():
            yield f"what filters ask of chunk {number} in Milvus is not what the catalog holds"
