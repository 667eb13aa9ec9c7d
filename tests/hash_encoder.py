"""An `Encoder` without a model: texts that share words, or parts of words, lie near each other."""

from __future__ import annotations

import re
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

WORD = re.compile(r"\w+")


class HashEncoder:
    """Bags of hashed word stems and character trigrams; another `salt` makes it another encoder.

    The same text gives the same vector in every process. A token is a word.
    """

    def __init__(
        self,
        name: str = "hash-encoder",
        *,
        salt: str = "",
        dimension: int = 64,
        max_tokens: int = 128,
    ) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.weights_hash = sha256(f"{salt} {dimension} {max_tokens}".encode()).hexdigest()
        self._salt = salt.encode()

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for index, text in enumerate(texts):
            vectors[index] = self.encode_question(text)
            if on_progress:
                on_progress(index + 1)
        return vectors

    def encode_question(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimension, 1e-3)  # so that a text without words has a length too
        for feature, weight in self._features(text):
            digest = blake2b(feature.encode(), digest_size=8, key=self._salt[:64]).digest()
            number = int.from_bytes(digest, "little")
            sign = 1 if number >> 63 else -1
            vector[number % self.dimension] += sign * weight
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(WORD.findall(text)) for text in texts]

    def _features(self, text: str) -> Iterator[tuple[str, float]]:
        """Yield the beginnings of words, so that "brand" finds "branden", and, less, trigrams."""
        for word in WORD.findall(text.lower())[: self.max_tokens]:
            weight = 1.0 if len(word) > 3 else 0.1  # short words say little
            yield word[:5], weight
            trigrams = [word[start : start + 3] for start in range(len(word) - 2)]
            for trigram in trigrams:
                yield f"*{trigram}*", weight / 2 / len(trigrams)


class CountingEncoder(HashEncoder):
    """Keeps what it was asked to encode."""

    def __init__(self, name: str = "hash-encoder", *, salt: str = "") -> None:
        super().__init__(name, salt=salt)
        self.encoded: list[str] = []

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.encoded += texts
        return super().encode_passages(texts, on_progress=on_progress)
