"""The room that a store takes on its disk, estimated before it is taken.

A batch grows the catalog and the indexes. New indexes are written beside the old ones, which stay
until the new ones are whole, so for a moment the disk holds both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from index_store.errors import NoSpaceError
from index_store.folder import store_bytes

# Bytes, measured on stores of 12,000 to 300,000 chunks; vectors and texts come on top.
_CATALOG_CHUNK = 500
_INDEX_CHUNK = 40
_CATALOG_ARTICLE = 500
_INDEX_ARTICLE = 1000
_NUMBER = 2  # of a vector in the catalog, and in FAISS where all vectors are compared
_GROUPED_NUMBER = 3  # where they are grouped: one byte in FAISS, and two beside it
_LOG = 8_000_000  # of SQLite, before it is folded into the catalog
_INDEXES = "derived"


def space_to_grow(*, articles: int, chunks: int, text_bytes: int, dimension: int) -> int:
    """Return how many bytes a store may take more for these articles, while it is written.

    The catalog keeps the texts. The words of the index take about as much again, and the indexes
    that are replaced in the end may hold nearly all of the new articles too.

    >>> space_to_grow(articles=1, chunks=4, text_bytes=2_600, dimension=384)
    24908
    """
    catalog_chunk = _CATALOG_CHUNK + _NUMBER * dimension
    index_chunk = _INDEX_CHUNK + _GROUPED_NUMBER * dimension
    catalog = articles * _CATALOG_ARTICLE + chunks * catalog_chunk + text_bytes
    indexes = articles * _INDEX_ARTICLE + chunks * index_chunk + text_bytes
    return catalog + 2 * indexes


def space_to_write(folder: Path) -> int:
    """Return how many bytes any writing to a store may take: its indexes once more, and a log."""
    return store_bytes(folder / _INDEXES) + _LOG


def space_to_index(catalog_bytes: int) -> int:
    """Return about how many bytes the indexes take that are made of a catalog of this size."""
    return round(0.9 * catalog_bytes) + _LOG


def require_space(place: Path, needed: int) -> None:
    """Do nothing if the disk of a folder has this many bytes free.

    Raises:
        NoSpaceError: it has less.
    """
    free = shutil.disk_usage(place).free
    if free < needed:
        raise NoSpaceError(place, needed=needed, free=free)
