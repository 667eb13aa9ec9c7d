"""Holds the errors that every room may raise, and draws the tree of all errors.

An error that only one room raises is defined in that room. The tree names the module of each error.

    DatelineError                        index_store.errors
    ├── StoreError                       index_store.errors
    │   ├── StoreNotFoundError           index_store.errors
    │   ├── StoreMismatchError           index_store.errors
    │   ├── StoreLockedError             index_store.errors
    │   ├── NoSpaceError                 index_store.errors
    │   ├── StoreCorruptError            index_store.errors
    │   │   └── ArticleDamagedError      index_store.errors
    │   ├── BackupError                  index_store.backup
    │   └── MilvusError                  index_store.indexes.milvus_errors
    │       ├── CollectionGoneError      index_store.indexes.milvus_errors
    │       └── CollectionNotLoadedError index_store.indexes.milvus_errors
    ├── SettingsError                    qa.errors
    │   ├── UnreadableQueryError         qa.retrieval.query.errors
    │   │   └── QueryError               qa.retrieval.query.errors
    │   ├── LongAddressError             qa.web.find_request
    │   ├── ManyNamesError               qa.web.find_request
    │   ├── ManyQueriesError             qa.web.find_request
    │   └── ChatRefusedError             qa.web.api.chat_request
    ├── SortingError                     qa.retrieval.sorted_runs
    ├── IngestError                      qa.errors
    ├── WorkersError                     qa.ingest.workers.errors
    ├── ModelLoadError                   qa.errors
    │   └── PackagedEncoderMissingError  qa.models.packaged_encoder
    ├── GenerationError                  qa.models.generator.failure
    ├── PlotError                        qa.answer.picture
    ├── ExportError                      qa.exports.records
    │   └── NothingCitedError            qa.exports.records
    ├── NotKeptError                     qa.quotes.basket
    ├── FeedbackError                    qa.evaluation.feedback
    ├── SoakError                        qa.evaluation.soak.programs
    ├── ServerError                      qa.evaluation.soak.server
    │   ├── RefusedNowError              qa.evaluation.soak.server
    │   └── TooSlowError                 qa.evaluation.soak.server
    ├── HistoryError                     qa.history.schema
    ├── LeftError                        qa.web.access.gate
    ├── BusyError                        qa.web.access.gate
    ├── StoppingError                    qa.web.access.ending
    ├── RemoteError                      qa.web.client.connection
    └── UnexpectedError                  qa.web.api.endpoints
"""

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
    """An article cannot be read; `line` counts from 1, and is None if the file has no lines."""

    def __init__(self, path: str | Path, reason: str, *, line: int | None = None) -> None:
        """Name the file, the line if there is one, and the reason with its remedy."""
        place = f"{path}, line {line}" if line is not None else str(path)
        super().__init__(f"{place}: {reason}")
        self.path = str(path)
        self.line = line
        self.reason = reason


class ModelLoadError(DatelineError):
    """The weights of a model cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        """Name the model and the reason, with a remedy that also works without a network."""
        super().__init__(f"cannot load the model {name!r}: {reason}")
        self.name = name
