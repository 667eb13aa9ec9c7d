"""The forward pass of the packaged encoder in NumPy, for processes that ask few questions.

Importing torch takes two seconds and 180 MB, which is more than a question takes. The operations
are those of `qa.models.bert`, so the hidden states are the same within 1e-5. On one thread this
takes 1.05 times as long; on several only the products of matrices are shared among them.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]

WEIGHTS = "model.safetensors"
WORDS = "embeddings.word_embeddings.weight"
_ROWS = 256  # of a wide array at a time: what it takes beside stays small, and calls are few
_SAFE = 60.0  # numbers that are no farther from 0 can be added up after an exponential function
# The normal distribution is that of a logistic one at x * P(x²): this is -P, the highest power
# first, fitted so that x times it is within 1e-7 for all x. Beyond the fit P grows, as it must.
_LOGIT = [
    np.float32(-each)
    for each in (
        *(3.6278482e-09, -2.6756612e-07, 7.9481370e-06, -1.1054674e-04, -6.6053515e-05),
        *(7.2668299e-02, 1.5957686),
    )
]


class PlainBert:
    """The network of a folder with `config.json` and weights, which are mapped into memory."""

    def __init__(self, folder: Path, *, changed: Mapping[str, Numbers] | None = None) -> None:
        """Read the sizes and map the weights; tensors in `changed` replace those of the folder.

        Raises:
            OSError, ValueError, KeyError: the folder holds no such network.
        """
        sizes = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._heads: int = sizes["num_attention_heads"]
        self._epsilon = np.float32(sizes["layer_norm_eps"])
        self._layers: int = sizes["num_hidden_layers"]
        path = folder / WEIGHTS
        self._weights = {**mapped_tensors(path, left_out=WORDS), **(changed or {})}
        self.words = WordFile(path, WORDS, (sizes["vocab_size"], sizes["hidden_size"]))

    def hidden(self, rows: Sequence[Sequence[int]]) -> list[Numbers]:
        """Return the hidden states of rows of token ids, each of shape (tokens, width)."""
        ends = np.cumsum([len(row) for row in rows])
        places = [slice(end - len(row), end) for row, end in zip(rows, ends, strict=True)]
        # The rows lie behind each other, without padding.
        states = self.words.rows(np.concatenate([np.asarray(row, np.int64) for row in rows]))
        states += self._weights["embeddings.token_type_embeddings.weight"][0]
        for place in places:
            table = self._weights["embeddings.position_embeddings.weight"]
            states[place] += table[: place.stop - place.start]
        self._normalise(states, "embeddings.")
        for layer in range(self._layers):
            states = self._layer(states, f"encoder.layer.{layer}.", places)
        return [states[place] for place in places]

    def _layer(self, states: Numbers, name: str, places: Sequence[slice]) -> Numbers:
        mixed = self._attended(states, f"{name}attention.self.", places)
        seen = self._dense(mixed, f"{name}attention.output.dense.")
        seen += states
        self._normalise(seen, f"{name}attention.output.")
        wide = self._dense(seen, f"{name}intermediate.dense.")
        apply_gelu(wide)
        result = self._dense(wide, f"{name}output.dense.")
        result += seen
        self._normalise(result, f"{name}output.")
        return result

    def _attended(self, states: Numbers, name: str, places: Sequence[slice]) -> Numbers:
        width = states.shape[1] // self._heads
        asked, keys, values = (
            self._dense(states, f"{name}{part}.").reshape(len(states), self._heads, width)
            for part in ("query", "key", "value")
        )
        asked *= np.float32(width**-0.5)
        mixed = np.empty_like(values)
        for place in places:
            scores = asked[place].transpose(1, 0, 2) @ keys[place].transpose(1, 2, 0)
            if max(scores.max(), -scores.min()) > _SAFE:
                scores -= scores.max(-1, keepdims=True)
            np.exp(scores, out=scores)
            found = scores @ values[place].transpose(1, 0, 2)
            found /= np.einsum("hij->hi", scores)[..., None]
            mixed[place] = found.transpose(1, 0, 2)
        return mixed.reshape(states.shape)

    def _dense(self, values: Numbers, name: str) -> Numbers:
        result: Numbers = values @ self._weights[f"{name}weight"].T
        result += self._weights[f"{name}bias"]
        return result

    def _normalise(self, states: Numbers, name: str) -> None:
        states -= states.mean(-1, keepdims=True)
        spread = np.einsum("ij,ij->i", states, states) / np.float32(states.shape[1])
        states *= (1 / np.sqrt(spread + self._epsilon))[:, None]
        states *= self._weights[f"{name}LayerNorm.weight"]
        states += self._weights[f"{name}LayerNorm.bias"]


def apply_gelu(values: Numbers) -> None:
    """Replace numbers x in rows by x times the share of a normal distribution below x.

    >>> row = np.array([[-9, -1, 0, 1, 9]], np.float32)
    >>> apply_gelu(row)
    >>> row.round(4).tolist()[0][1:4]
    [-0.15870000422000885, 0.0, 0.8413000106811523]
    """
    squares = np.empty((min(_ROWS, len(values)), values.shape[1]), np.float32)
    powers = np.empty_like(squares)
    with np.errstate(over="ignore"):  # far below 0: x over infinity is 0, as it should be
        for start in range(0, len(values), _ROWS):
            x = values[start : start + _ROWS]
            square, power = squares[: len(x)], powers[: len(x)]
            np.multiply(x, x, out=square)
            np.multiply(square, _LOGIT[0], out=power)
            for each in _LOGIT[1:-1]:
                power += each
                power *= square
            power += _LOGIT[-1]
            power *= x
            np.exp(power, out=power)
            power += np.float32(1)
            x /= power


class WordFile:
    """Looks up the vectors of words in a safetensors file, which stays open.

    They are three quarters of the weights, and a text has few different words. Where they are
    mapped into memory, each word brings its neighbours along: one question took 300 MB so.
    """

    def __init__(self, path: Path, name: str, shape: tuple[int, int]) -> None:
        """Find the tensor `name`, float32 of this shape (words, width), in the file.

        Raises:
            OSError, ValueError, KeyError: the file has no such tensor.
        """
        self._file = FileIO(path)
        weakref.finalize(self, self._file.close)
        start, told = _header(self._file)
        found = told[name]
        if (found["dtype"], found["shape"]) != ("F32", list(shape)):
            raise ValueError(f"{name} is {found['dtype']} of {found['shape']}")
        self._start = start + found["data_offsets"][0]
        self._words, self._width = shape
        self._reading = threading.Lock()  # where the file is read is shared by all threads

    def rows(self, ids: NDArray[np.int64]) -> Numbers:
        """Return the vectors of words, of shape (*ids.shape, width)."""
        words, places = np.unique(ids, return_inverse=True)  # noqa: TID251 - it sorts for this
        rows = np.empty((len(words), self._width), np.float32)
        with self._reading:
            for row, word in enumerate(words.tolist()):
                if not 0 <= word < self._words:
                    raise IndexError(f"there is no word {word}")
                self._file.seek(self._start + 4 * word * self._width)
                if self._file.readinto(rows[row]) != rows[row].nbytes:
                    raise OSError(f"{self._file.name} ends within a word")
        found: Numbers = rows[places.reshape(ids.shape)]
        return found


def mapped_tensors(path: Path, *, left_out: str) -> dict[str, Numbers]:
    """Return the tensors of a safetensors file of float32, mapped into memory, but `left_out`.

    Raises:
        OSError, ValueError, KeyError: it is no such file.
    """
    with FileIO(path) as file:
        start, told = _header(file)
    told = {name: each for name, each in told.items() if name not in {left_out, "__metadata__"}}
    if any(each["dtype"] != "F32" for each in told.values()):
        raise ValueError(f"{path} holds other numbers than float32")
    numbers = np.memmap(path, np.uint8, mode="r", offset=start)
    return {
        name: np.asarray(numbers[slice(*each["data_offsets"])].view("<f4").reshape(each["shape"]))
        for name, each in told.items()
    }


def _header(file: FileIO) -> tuple[int, dict[str, Any]]:
    """Return where the tensors of a safetensors file begin, and what it tells of each."""
    size = int.from_bytes(file.read(8), "little")
    return 8 + size, json.loads(file.read(size))
