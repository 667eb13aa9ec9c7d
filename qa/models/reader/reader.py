"""Reads passages: finds the words that answer a question, and tells whether any words do."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from qa.errors import ModelLoadError
from qa.models.packaged_encoder import packaged_encoder_path
from qa.models.reader.pairs import Batch, Pair, PairTokenizer, pad
from qa.models.reader.processor import has_matrix_units, threads_in_use, usable_cores
from qa.models.reader.spans import best_spans, tidy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Network(Protocol):
    """Rates where an answer starts and ends in a passage, and whether the passage holds one."""

    def rate(self, batch: Batch) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return logits of start and end, shape (rows, tokens, 2), and of presence, (rows,)."""


WEIGHTS = Path(__file__).parent / "weights" / "reader.safetensors"
# Measured on two cores: larger batches are no faster, and make another question wait longer.
BATCH_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read; `preface` holds the lines above it (title, date)."""

    text: str
    preface: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A possible answer: `texts[passage].text[start:end] == text`.

    `score` is the log-odds of the span above "no answer here"; scores of different passages can be
    compared. `answerable` is the probability (0–1) that the passage holds any answer.
    """

    passage: int
    start: int
    end: int
    text: str
    score: float
    answerable: float


class Reader(Protocol):
    """Finds the spans of some texts that may answer a question."""

    @property
    def weights_hash(self) -> str:
        """SHA-256 of everything that changes the spans."""

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        """Return at most `most` spans of each text, without overlaps, best score first."""


class TrainedReader:
    """A `Reader` built on the packaged encoder; safe to use from several threads at once."""

    def __init__(
        self, network: Network, *, weights_hash: str, about: dict[str, Any], light: bool = False
    ) -> None:
        """Wrap a network; `load` reads a network from a file."""
        self._network = network
        self._tokenizer = PairTokenizer(packaged_encoder_path(), light=light)
        # As many passages are read at once as there are cores for their threads.
        at_once = 1 if light else max(1, int(usable_cores()) // threads_in_use())
        self._turns = threading.BoundedSemaphore(at_once)
        self.weights_hash: Final = weights_hash
        self.about: Final = about

    @classmethod
    def load(cls, path: Path | None = None, *, light: bool = False) -> Self:
        """Load the reader that comes with Dateline, or a reader from `dateline train-reader`.

        `light` is for few questions: it does without torch, unless the processor has AMX: then
        torch is so fast in bfloat16 that loading it pays.

        Raises:
            ModelLoadError: the file is missing, damaged, or made for another encoder.
        """
        path, light = path or WEIGHTS, light and not has_matrix_units()
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            network, suffix, about = (_load_plain if light else _load_trained)(path)
        except ModelLoadError:
            raise
        except Exception as error:
            # Each library raises its own exceptions for a damaged file.
            remedy = "install Dateline again, or train one: dateline train-reader"
            raise ModelLoadError(
                str(path), f"it holds no usable reader ({error}); {remedy}"
            ) from error
        return cls(network, weights_hash=digest + suffix, about=about, light=light)

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        """Read the texts; texts of similar length form a batch."""
        found: list[Span] = []
        for pairs in self.batches(question, texts):
            spans, presence = self.logits(pairs)
            for row, pair in enumerate(pairs):
                found += _spans(texts, pair, spans[row], float(presence[row]), most)
        return _distinct(found, most)

    def batches(self, question: str, texts: Sequence[Text]) -> Iterator[list[Pair]]:
        """Yield the pairs to read in batches, the longest pairs first."""
        pairs = self._tokenizer.pairs(
            [question] * len(texts),
            [each.preface for each in texts],
            [each.text for each in texts],
        )
        pairs.sort(key=lambda pair: len(pair.ids))
        while pairs:
            size = max(1, BATCH_TOKENS // len(pairs[-1].ids))
            yield pairs[-size:]
            del pairs[-size:]

    def logits(self, pairs: Sequence[Pair]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return logits of start and end, shape (pairs, tokens, 2), and of presence, (pairs,)."""
        batch = pad(pairs)
        with self._turns:
            return self._network.rate(batch)


def _load_trained(path: Path) -> tuple[Network, str, dict[str, Any]]:
    from qa.models.reader.network import load_reader

    network, about = load_reader(path)
    return network, "-bfloat16" if network.halve() else "", about  # bfloat16 rounds differently


def _load_plain(path: Path) -> tuple[Network, str, dict[str, Any]]:
    from qa.models.reader.plain_network import load_plain_reader

    network, about = load_plain_reader(path)
    return network, "", about


def _spans(
    texts: Sequence[Text], pair: Pair, logits: NDArray[np.float32], presence: float, most: int
) -> Iterator[Span]:
    """Yield the best spans of one pair."""
    own = logits[pair.first : pair.first + len(pair.places)]
    nothing = float(logits[0].sum())
    answerable = 1 / (1 + math.exp(-presence))
    text = texts[pair.passage].text
    for first, last, score in best_spans(own[:, 0], own[:, 1], most=most):
        start, end = tidy(text, int(pair.places[first, 0]), int(pair.places[last, 1]))
        if text[start:end].strip():
            yield Span(pair.passage, start, end, text[start:end], score - nothing, answerable)


def _distinct(spans: Sequence[Span], most: int) -> list[Span]:
    """Return the best spans, at most `most` of each text, by score and then by place.

    A span that overlaps a better one is dropped: two windows of a text may find the same words.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (-each.score, each.passage, each.start)):
        same = [other for other in kept if other.passage == span.passage]
        overlaps = any(span.start < other.end and other.start < span.end for other in same)
        if len(same) < most and not overlaps:
            kept.append(span)
    return kept
