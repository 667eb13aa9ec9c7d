"""Turns texts into vectors with the packaged encoder, as sentence-transformers would."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.models.packaged_encoder import light_tokenizer_in, tokenizer_in
from qa.models.plain_bert import PlainBert


class PackagedSentences(ABC):
    """Has those parts of the interface of `SentenceTransformer` that `SentenceEncoder` uses."""

    def __init__(self, folder: Path, *, light: bool = False) -> None:
        """Read what the folder of the packaged encoder says of texts; `light` is for few texts."""
        stated = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))
        names = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
        self.prompts: dict[str, str | None] = stated["prompts"]
        self.max_seq_length: int = names["model_max_length"]
        self._tokenizer = (light_tokenizer_in if light else tokenizer_in)(folder)

    def tokenizer(self, texts: Sequence[str], **_: object) -> dict[str, list[list[int]]]:
        """Return the token ids of whole texts, special tokens included."""
        return {"input_ids": [each.ids for each in self._tokenizer.encode_batch(list(texts))]}

    def encode_query(self, text: str, *, prompt: str, **_: object) -> NDArray[np.float32]:
        """Return the unit vector of one text."""
        vector: NDArray[np.float32] = self.encode_document([text], prompt=prompt)[0]
        return vector

    def encode_document(
        self, texts: Sequence[str], *, prompt: str, **_: object
    ) -> NDArray[np.float32]:
        """Return the unit vectors of texts, of shape (texts, width), read as one batch."""
        found = self.tokenizer([prompt + text for text in texts])["input_ids"]
        # The last token, which ends the text, stays.
        return self._vectors(
            [
                ids[: self.max_seq_length - 1] + ids[-1:] if len(ids) > self.max_seq_length else ids
                for ids in found
            ]
        )

    @abstractmethod
    def _vectors(self, rows: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return the unit vectors of rows of token ids, of shape (rows, width)."""


class PlainSentences(PackagedSentences):
    """The packaged encoder without torch, for few texts."""

    def __init__(self, folder: Path) -> None:
        """Load the packaged encoder from the folder it was unpacked to."""
        super().__init__(folder, light=True)
        self._network = PlainBert(folder)

    def _vectors(self, rows: Sequence[list[int]]) -> NDArray[np.float32]:
        means = np.array([states.mean(0) for states in self._network.hidden(rows)])
        vectors: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors
