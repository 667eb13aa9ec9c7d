"""How long the parts of an answer take: the models, timed wherever they are used."""

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
    """The milliseconds spent so far on each stage of the question at hand."""

    ms: dict[str, float] = field(default_factory=dict)

    def take(self) -> dict[str, float]:
        """Return what was spent, and begin anew."""
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
        """Return a way to load encoders whose questions are timed, as the stage `encode`."""
        return lambda name: _TimedEncoder(load(name), self)

    def timed_reader(
        self, load: Callable[[Path | None], Reader]
    ) -> Callable[[Path | None], Reader]:
        """Return a way to load readers whose reading is timed, as the stage `read`."""
        return lambda path: _TimedReader(load(path), self)


class _TimedEncoder(WrappedEncoder):
    """An encoder whose questions are timed."""

    def __init__(self, encoder: Encoder, stages: Stages) -> None:
        super().__init__(encoder)
        self._stages = stages

    def encode_question(self, text: str) -> NDArray[np.float32]:
        with self._stages.timing("encode"):
            return self.encoder.encode_question(text)


class _TimedReader:
    """A reader that is timed."""

    def __init__(self, reader: Reader, stages: Stages) -> None:
        self._reader = reader
        self._stages = stages
        self.weights_hash = reader.weights_hash

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        with self._stages.timing("read"):
            return self._reader.read(question, texts, most=most)
