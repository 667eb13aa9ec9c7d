"""The state of the archive that is served, as the page shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Phase(StrEnum):
    """The current activity of the archive."""

    OPENING = "opening"
    INDEXING = "indexing"
    EMPTY = "empty"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """The state of the archive, as the page shows it.

    `total_chunks` is 0 until all files are read. `settled` is true if the state will not change by
    itself. `trouble` is "locked", "failed" or nothing. `store` is quoted for a shell.
    """

    phase: Phase
    settled: bool
    articles: int
    encoded_chunks: int
    total_chunks: int
    refused: int
    trouble: str | None
    message: str | None
    store: str

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return asdict(self)
