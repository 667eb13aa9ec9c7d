"""Encoders as workers load them: by functions that another process can import."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index_store.local import LocalStore
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.ingest.workers.tasks import LoadEncoder
from qa.models.encoder import Encoder
from qa.models.loading import Models


def load_hashed(name: str | None) -> HashEncoder:
    return HashEncoder(name or "hash-encoder")


def open_with(path: Path, load: LoadEncoder = load_hashed) -> Assistant:
    models = Models(load_encoder=load, load_reader=lambda _: WordReader())
    return Assistant(Archive(LocalStore(path, create=True), models))


def is_worker() -> bool:
    return multiprocessing.parent_process() is not None


def load_another(name: str | None) -> HashEncoder:
    return HashEncoder(name or "hash-encoder", salt="another")


@dataclass(frozen=True)
class DyingOnce:
    """Loads the encoder; the first worker that does so is killed."""

    marker: Path
    load: LoadEncoder = load_hashed

    def __call__(self, name: str | None) -> Encoder:
        if is_worker() and not self.marker.exists():
            self.marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.load(name)


def dying(name: str | None) -> HashEncoder:
    if is_worker():
        os.kill(os.getpid(), signal.SIGKILL)
    return load_hashed(name)


def failing(name: str | None) -> HashEncoder:
    if is_worker():
        raise RuntimeError("no weights here")
    return load_hashed(name)


def other_in_workers(name: str | None) -> HashEncoder:
    return HashEncoder(salt="another") if is_worker() else load_hashed(name)


@dataclass(frozen=True)
class InterruptTask:
    """Sends its worker the signal of Ctrl-C, and tells which process that is."""

    def run(self) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return os.getpid()


def contents(store: Path) -> dict[str, list[Any]]:
    """Return all that a catalog holds of articles, places, chunks and vectors, with numbers."""
    tables = ("article", "origin", "chunk", "embedding")
    address = f"file:{store}/catalog.sqlite3?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
