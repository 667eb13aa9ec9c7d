"""Remembers what the models found for the newest questions, so that nothing is computed twice.

What a model finds depends on its weights, the question and the texts, and on nothing else. So what
is remembered cannot grow stale, whatever happens to an archive, its settings or the date: those
decide which texts are read, and every question decides that anew.

Whole readings are kept, with all their texts. The spans of one text alone would not do: in a batch
with other texts its sums are rounded otherwise, and the answer would depend on earlier questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.models.encoder import Encoder, WrappedEncoder
from qa.models.reader.reader import Reader, Span, Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READINGS = 500
"""How many questions, and how many readings, are remembered unless another number is set."""

_LONGEST = 32_000  # characters of one reading that is kept; eight passages have about 8,000


class RememberingEncoder(WrappedEncoder):
    """An encoder that remembers the vectors of the newest questions; safe for several threads."""

    def __init__(self, encoder: Encoder, most: int) -> None:
        """Remember at most `most` questions."""
        super().__init__(encoder)
        self._vector = lru_cache(most)(encoder.encode_question)

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, of shape (dimension,), the caller's to change."""
        return self._vector(text).copy()


class RememberingReader:
    """A `Reader` that remembers its newest readings; safe to use from several threads at once."""

    def __init__(self, reader: Reader, most: int) -> None:
        """Remember at most `most` readings."""
        self.weights_hash = reader.weights_hash
        self._reader = reader
        self._spans = lru_cache(most)(self._read)

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        """Return the spans that the reader finds, or found before in the same texts."""
        size = len(question) + sum(len(each.text) + len(each.preface) for each in texts)
        if size > _LONGEST:
            return self._reader.read(question, texts, most=most)
        return list(self._spans(question, tuple(texts), most))

    def _read(self, question: str, texts: tuple[Text, ...], most: int) -> list[Span]:
        return self._reader.read(question, texts, most=most)
