"""All errors of Dateline in one place: those of storage, and those of asking and answering."""

from __future__ import annotations

from pathlib import Path

from index_store.errors import (
    DatelineError,
    StoreCorruptError,
    StoreError,
    StoreLockedError,
    StoreMismatchError,
    StoreNotFoundError,
)

__all__ = [
    "DatelineError",
    "IngestError",
    "ModelLoadError",
    "SettingsError",
    "StoreCorruptError",
    "StoreError",
    "StoreLockedError",
    "StoreMismatchError",
    "StoreNotFoundError",
]


class SettingsError(DatelineError):
    """A setting is missing or out of range."""


class IngestError(DatelineError):
    """An article cannot be read; `line` counts from 1 where the file has lines."""

    def __init__(self, path: str | Path, reason: str, *, line: int | None = None) -> None:
        """Name the file, the line where there is one, and the reason with its remedy."""
        place = f"{path}, line {line}" if line is not None else str(path)
        super().__init__(f"{place}: {reason}")
        self.path = str(path)
        self.line = line
        self.reason = reason


class ModelLoadError(DatelineError):
    """The weights of a model cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        """Name the model, and say what to do, also without a network."""
        super().__init__(f"cannot load the model {name!r}: {reason}")
        self.name = name
