"""The forward pass of the packaged encoder, without the libraries that can load any model.

To import those takes seconds, more than an answer does. The parameters have the names that the
`BertModel` of transformers gives them, and the operations are in the same order, so the vectors are
the same.

Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from qa.models.packaged_sentences import PackagedSentences
from qa.models.plain_bert import WEIGHTS, WORDS, WordFile

_UNSEEN = -1e4  # score of padding; far enough for any number type


class _Attention(nn.Module):
    def __init__(self, sizes: dict[str, Any]) -> None:
        super().__init__()
        width, epsilon = sizes["hidden_size"], sizes["layer_norm_eps"]
        self.self = nn.ModuleDict(
            {name: nn.Linear(width, width) for name in ("query", "key", "value")}
        )
        self.output = _dense_and_norm(width, width, epsilon)
        self.heads = sizes["num_attention_heads"]

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        query, key, value = (
            self.self[name](hidden).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        # In float32 the fused attention learns faster, too.
        is_slow = self.training and query.dtype is torch.bfloat16
        attend = attend_in_steps if is_slow else functional.scaled_dot_product_attention
        seen = attend(query, key, value, attn_mask=mask)
        mixed = seen.transpose(1, 2).flatten(2)
        return _added(self.output, mixed, hidden)


def attend_in_steps(
    query: Tensor, key: Tensor, value: Tensor, *, attn_mask: Tensor | None
) -> Tensor:
    """Attend as `scaled_dot_product_attention` does, faster where it learns in bfloat16.

    On processors the way back of the fused kernel took half of a training step in bfloat16: 11
    examples a second became 17 to 20 (8 upper layers trained, two cores, measured by turns).
    """
    scores = query * query.shape[-1] ** -0.5 @ key.transpose(-1, -2)
    if attn_mask is not None:
        scores = scores.masked_fill(~attn_mask, _UNSEEN)
    seen: Tensor = scores.softmax(-1).to(value.dtype) @ value
    return seen


class _Layer(nn.Module):
    def __init__(self, sizes: dict[str, Any]) -> None:
        super().__init__()
        width, wide = sizes["hidden_size"], sizes["intermediate_size"]
        self.attention = _Attention(sizes)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, wide)})
        self.output = _dense_and_norm(wide, width, sizes["layer_norm_eps"])

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        attended = self.attention(hidden, mask)
        wide = functional.gelu(self.intermediate["dense"](attended))
        return _added(self.output, wide, attended)


class Bert(nn.Module):
    """The network of a folder with `config.json` and weights, which are mapped into memory.

    The words stay in the file.
    """

    def __init__(self, folder: Path) -> None:
        """Read the sizes and map the weights; nothing is copied until it is changed.

        Raises:
            OSError, SafetensorError, KeyError, RuntimeError: the folder holds no such network.
        """
        super().__init__()
        sizes = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.width: int = sizes["hidden_size"]
        path = folder / WEIGHTS
        with torch.device("meta"):
            tables = {
                "position_embeddings": _table(sizes["max_position_embeddings"], self.width),
                "token_type_embeddings": _table(sizes["type_vocab_size"], self.width),
            }
            norm = nn.LayerNorm(self.width, eps=sizes["layer_norm_eps"])
            self.embeddings = nn.ModuleDict({**tables, "LayerNorm": norm})
            layers = nn.ModuleList(_Layer(sizes) for _ in range(sizes["num_hidden_layers"]))
            self.encoder = nn.ModuleDict({"layer": layers})
        self.load_state_dict(_load_without(path, WORDS), assign=True)
        self.words = _WordTable(path, WORDS, (sizes["vocab_size"], self.width))

    @property
    def layers(self) -> nn.ModuleList:
        """The layers, the lowest first."""
        return cast("nn.ModuleList", self.encoder["layer"])

    def halve(self) -> None:
        """Compute in bfloat16; the words are kept in a file, and rounded when they are read."""
        self.to(torch.bfloat16)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the hidden states of shape (rows, tokens, width); `mask` is 0 for padding."""
        norm, places = self.embeddings["LayerNorm"], torch.arange(ids.shape[1], device=ids.device)
        words = self.words(ids).to(norm.weight.dtype)
        hidden: Tensor = words + self.embeddings["token_type_embeddings"](torch.zeros_like(ids))
        hidden = norm(hidden + self.embeddings["position_embeddings"](places))
        seen = None if bool(mask.all()) else mask.bool()[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, seen)
        return hidden


class _WordTable(nn.Module):
    """Looks up the vectors of words in a file, and gives them to the device of their numbers."""

    def __init__(self, path: Path, name: str, shape: tuple[int, int]) -> None:
        super().__init__()
        self._file = WordFile(path, name, shape)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the vectors of words, of shape (*ids.shape, width), on the device of `ids`."""
        return torch.from_numpy(self._file.rows(ids.cpu().numpy())).to(ids.device)


def _load_without(path: Path, left_out: str) -> dict[str, Tensor]:
    """Return the tensors of a safetensors file, mapped into memory, all but `left_out`."""
    with safe_open(path, framework="pt") as file:
        names = set(file.keys()) - {left_out}
        return {name: file.get_tensor(name) for name in names}


def _table(rows: int, width: int) -> nn.Embedding:
    # An `Embedding` of its own draws numbers, and that alone imports libraries for two seconds.
    return nn.Embedding(rows, width, _weight=torch.empty(rows, width), _freeze=True)


def _dense_and_norm(inwards: int, outwards: int, epsilon: float) -> nn.ModuleDict:
    norm = nn.LayerNorm(outwards, eps=epsilon)
    return nn.ModuleDict({"dense": nn.Linear(inwards, outwards), "LayerNorm": norm})


def _added(parts: nn.ModuleDict, values: Tensor, to: Tensor) -> Tensor:
    result: Tensor = parts["LayerNorm"](parts["dense"](values) + to)
    return result


class BertSentences(PackagedSentences):
    """The packaged encoder in torch."""

    def __init__(self, folder: Path) -> None:
        """Load the packaged encoder from the folder it was unpacked to."""
        super().__init__(folder)
        self._padding: int = json.loads((folder / "config.json").read_text("utf-8"))["pad_token_id"]
        # As sentence-transformers does; reading a question stays with the processor.
        found = torch.accelerator.is_available() and torch.accelerator.current_accelerator()
        self._device = found or torch.device("cpu")
        self._network = Bert(folder).eval().to(self._device)

    def _vectors(self, rows: Sequence[list[int]]) -> NDArray[np.float32]:
        shape = len(rows), max(map(len, rows))
        ids, mask = torch.full(shape, self._padding), torch.zeros(shape, dtype=torch.int64)
        for row, its in enumerate(rows):
            ids[row, : len(its)] = torch.tensor(its)
            mask[row, : len(its)] = 1
        ids, mask = ids.to(self._device), mask.to(self._device)
        with torch.inference_mode():
            hidden, weights = self._network(ids, mask), mask.unsqueeze(-1).float()
            means = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            vectors: NDArray[np.float32] = functional.normalize(means).cpu().numpy()
        return vectors
