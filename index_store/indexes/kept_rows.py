"""Vectors in a file as the catalog keeps them, of which a search reads a few hundred."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store.number_sets import places_among


class KeptRows:
    """Vectors by chunk number, in float16; numbers ascend.

    The file is mapped, and the memory of what was read is given back at once: left to itself, it
    would grow to the size of the file.
    """

    def __init__(self, numbers: NDArray[np.int64], kept: Path | bytes, dimension: int) -> None:
        """Take the vectors of these numbers, one after another, from a file or from memory.

        Raises:
            OSError, ValueError: the file cannot be read, or is of another size.
        """
        self.numbers = numbers
        self._map: mmap.mmap | None = None
        if isinstance(kept, Path):
            with kept.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            kept_bytes: mmap.mmap | bytes = self._map
        else:
            kept_bytes = kept
        self._rows = np.frombuffer(kept_bytes, dtype=np.float16).reshape(len(numbers), dimension)

    def __len__(self) -> int:
        return len(self.numbers)

    def places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places of numbers among all, -1 for those that are not there."""
        return places_among(self.numbers, numbers)

    def at(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors at these places, of shape (n, dimension)."""
        rows: NDArray[np.float32] = self._rows[places].astype(np.float32)
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            self._map.madvise(mmap.MADV_DONTNEED)
        return rows
