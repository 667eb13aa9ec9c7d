"""The reader's network in NumPy, for processes that ask few questions; see `plain_bert`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from qa.models.packaged_encoder import TESTED_SHA256, packaged_encoder_path
from qa.models.plain_bert import WEIGHTS, WORDS, Numbers, PlainBert, mapped_tensors
from qa.models.reader.pairs import Batch

FORMAT = "dateline-reader-1"
IMPOSSIBLE = -1e4  # logit of a place where no answer may stand
_BODY = "body."  # before the names of the encoder's own tensors


class PlainReaderNetwork:
    """Rates as `qa.models.reader.network.ReaderNetwork` does, within 1e-4."""

    def __init__(self, body: PlainBert, heads: Mapping[str, Numbers]) -> None:
        """Take the encoder with its trained layers, and the weights of the two small heads."""
        self._body = body
        self._heads = heads

    def rate(self, batch: Batch) -> tuple[Numbers, Numbers]:
        """Return logits of start and end, shape (rows, tokens, 2), and of presence, (rows,)."""
        sizes = batch.mask.sum(1)
        rows = [ids[:size].tolist() for ids, size in zip(batch.ids, sizes, strict=True)]
        hidden = self._body.hidden(rows)
        spans = np.full((*batch.ids.shape, 2), IMPOSSIBLE, np.float32)
        for row, states in enumerate(hidden):
            spans[row, : len(states)] = self._rated("span", states)
        spans[~batch.answerable] = IMPOSSIBLE
        firsts = np.array([states[0] for states in hidden])
        return spans, self._rated("presence", firsts)[:, 0]

    def _rated(self, head: str, states: Numbers) -> Numbers:
        rated: Numbers = states @ self._heads[f"{head}.weight"].T + self._heads[f"{head}.bias"]
        return rated


def load_plain_reader(path: Path) -> tuple[PlainReaderNetwork, dict[str, Any]]:
    """Return a network that `save_reader` wrote, and the facts stored with it.

    Raises:
        ValueError: the file has another format, or was made for another encoder.
        OSError, SafetensorError: the file cannot be read.
    """
    folder = packaged_encoder_path()
    origin = mapped_tensors(folder / WEIGHTS, left_out=WORDS)
    heads, changed = dict[str, Numbers](), dict[str, Numbers]()
    with safe_open(path, framework="np") as file:
        about = told_by(file)
        for name in file.keys():  # noqa: SIM118 - it is no mapping
            if name.endswith(".scale"):
                continue
            stored: NDArray[Any] = file.get_tensor(name)
            numbers = stored.astype(np.float32)
            if stored.dtype == np.int8:
                numbers *= file.get_tensor(f"{name}.scale")
            if name.startswith(_BODY):
                own = name.removeprefix(_BODY)
                numbers += origin[own]
                changed[own] = numbers
            else:
                heads[name] = numbers
    return PlainReaderNetwork(PlainBert(folder, changed=changed), heads), about


def told_by(file: Any) -> dict[str, Any]:
    """Return the facts in an open file of a reader.

    Raises:
        ValueError: the file has another format, or was made for another encoder.
    """
    about: dict[str, Any] = json.loads((file.metadata() or {}).get("about", "{}"))
    if (about.get("format"), about.get("encoder")) != (FORMAT, TESTED_SHA256):
        raise ValueError("it is no reader for the packaged encoder of this version")
    return about
