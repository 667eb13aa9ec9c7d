"""The times of the stages of an answer: the models are timed wherever they are used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.speed.ingest import WrappedEncoder
from qa.models.encoder import Encoder
from qa.models.reader.reader import Reader, Span, Text


@dataclass(slots=True)
class Stages:
    """The milliseconds spent so far on each stage of the current question."""

    ms: dict[str, float] = field(default_factory=dict)

    def take(self) -> dict[str, float]:
        """Return the milliseconds, and start again from zero."""
        taken, self.ms = self.ms, {}
        return taken

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.ms[name] = self.ms.get(name, 0.0) + (time.perf_counter() - started) * 1000

    def timed_encoder(
        self, load: Callable[[str | None], Encoder]
    ) -> Callable[[str | None], Encoder]:
        """Return a loader of encoders that time their questions, as the stage `encode`."""
        return lambda name: _TimedEncoder(load(name), self)

    def timed_reader(
        self, load: Callable[[Path | None], Reader]
    ) -> Callable[[Path | None], Reader]:
        """Return a loader of readers that time their reading, as the stage `read`."""
        return lambda path: _TimedReader(load(path), self)


class _TimedEncoder(WrappedEncoder):
    """An encoder that times its questions."""

    def __init__(self, encoder: Encoder, stages: Stages) -> None:
        super().__init__(encoder)
        self._stages = stages

    def encode_question(self, text: str) -> NDArray[np.float32]:
        with self._stages.timing("encode"):
            return self.encoder.encode_question(text)


class _TimedReader:
    """A reader that times itself."""

    def __init__(self, reader: Reader, stages: Stages) -> None:
        self._reader = reader
        self._stages = stages
        self.weights_hash = reader.weights_hash

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        with self._stages.timing("read"):
            return self._reader.read(question, texts, most=most)
