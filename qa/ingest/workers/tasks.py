"""What workers do. Every task is pure, so it can be done anywhere, and again if it is lost."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.rows import IndexedArticle, Origin
from index_store.records import Article
from qa.ingest.article_fields import ReadArticle
from qa.ingest.chunking import ChunkingSettings
from qa.ingest.files import FoundFile
from qa.ingest.findings import Findings
from qa.ingest.preparation import Preparation
from qa.ingest.reading_steps import FileReader
from qa.ingest.refusals import Refusal
from qa.ingest.workers.errors import TaskFailedError, WorkersError
from qa.models.encoder import Encoder

LoadEncoder: TypeAlias = Callable[[str | None], Encoder]
Stamp: TypeAlias = tuple[int, int]
WholeFile: TypeAlias = tuple[list[ReadArticle | Refusal], Findings]


class Task(Protocol):
    """A piece of work that can be sent to another process, as its result can be sent back."""

    def run(self) -> Any:
        """Do the work."""


@dataclass(frozen=True, slots=True)
class SentPreparation:
    """What a worker needs to prepare and encode as the process does that sends it.

    `load` is a function that another process can import, such as `SentenceEncoder.load`.
    """

    load: LoadEncoder
    name: str
    weights_hash: str
    chunking: ChunkingSettings

    def open(self) -> Preparation:
        """Load the encoder, at the first call in a process.

        Raises:
            WorkersError: it is another one here.
        """
        encoder = _loaded(self.load, self.name)
        if encoder.weights_hash != self.weights_hash:
            raise WorkersError(
                f"a worker has other weights of the encoder {self.name!r}; install the same "
                "version of Dateline and of the encoder for all workers"
            )
        return Preparation(encoder, self.chunking)


@dataclass(frozen=True, slots=True)
class PrepareTask:
    """Cut articles and encode all of their chunks."""

    preparation: SentPreparation
    articles: tuple[Article, ...]

    def run(self) -> list[tuple[IndexedArticle, NDArray[np.float32]]]:
        """Return each prepared article with the vectors of its inputs, without an origin."""
        preparation = self.preparation.open()
        origin = Origin("", "", "", "")
        prepared = [preparation.prepare(article, origin) for article in self.articles]
        vectors = preparation.encode([text for item in prepared for text in item.inputs])
        size = preparation.encoder.dimension
        return [
            (item, np.array([vectors[text] for text in item.inputs]).reshape(-1, size))
            for item in prepared
        ]


@dataclass(frozen=True, slots=True)
class EncodeTask:
    """Encode inputs."""

    preparation: SentPreparation
    inputs: tuple[str, ...]

    def run(self) -> dict[str, NDArray[np.float32]]:
        """Return the vector of each input."""
        return self.preparation.open().encode(self.inputs)


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Read whole files that are small, each with the stamp by which it is known again."""

    reader: FileReader
    files: tuple[tuple[FoundFile, Stamp], ...]

    def run(self) -> list[WholeFile | None]:
        """Return the items and findings of each file, or `None` for one that is not here."""
        return [self._read(found) if stamp_of(found) == at else None for found, at in self.files]

    def _read(self, found: FoundFile) -> WholeFile:
        findings = Findings()
        items = list(self.reader.read(found, findings))
        findings.readings.clear()  # how its columns are read matters no more
        return items, findings


def stamp_of(found: FoundFile) -> Stamp | None:
    """Return size and time of change (ns) of a file, or `None` if it cannot be asked.

    A worker on another machine may see no such file, or another one.
    """
    try:
        status = found.path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def outcome_of(task: Task) -> tuple[Any, Exception | None]:
    """Do a task, and return its result or its error, both fit to be sent."""
    try:
        return task.run(), None
    except WorkersError as error:
        return None, error
    except Exception:  # noqa: BLE001 - whoever sent the task does it again, and tells what fails
        return None, TaskFailedError(traceback.format_exc())


def slices(texts: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Cut texts into tuples of at most `size`.

    >>> slices("abcde", 2)
    [('a', 'b'), ('c', 'd'), ('e',)]
    """
    return [tuple(texts[start : start + size]) for start in range(0, len(texts), size)]


@cache
def _loaded(load: LoadEncoder, name: str) -> Encoder:
    return load(name)
