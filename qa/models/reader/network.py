"""Holds the reader's network: the packaged encoder with trained upper layers and two small heads.

A file keeps only the changes by training. For each matrix of the encoder it keeps the difference
from the packaged matrix, in 8 bits with one scale for each row. The rest is unpacked from the
package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from qa.models.bert import Bert
from qa.models.packaged_encoder import TESTED_SHA256, packaged_encoder_path
from qa.models.reader.pairs import Batch
from qa.models.reader.plain_network import FORMAT, IMPOSSIBLE, told_by
from qa.models.reader.processor import is_faster_in_bfloat16

_LEVELS = 127


class ReaderNetwork(nn.Module):
    """Rates where an answer starts and ends in a passage, and whether the passage holds one.

    Source: Devlin et al. 2019 (spans; the first token stands for "no answer"), with a second
    head for answerability as in Liu et al. 2019 and Zhang et al. 2021.
    """

    def __init__(self, *, frozen_layers: int) -> None:
        """Load the packaged encoder; its lowest `frozen_layers` layers never change."""
        super().__init__()
        self.body = Bert(packaged_encoder_path())
        width = self.body.width
        self.span = nn.Linear(width, 2)
        self.presence = nn.Linear(width, 1)
        for head in (self.span, self.presence):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        self.frozen_layers = frozen_layers
        self.body.embeddings.requires_grad_(False)
        for layer in self.body.layers[:frozen_layers]:
            layer.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor, answerable: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of start and end, shape (rows, tokens, 2), and of presence, (rows,)."""
        hidden = self.body(ids, mask).float()
        with torch.autocast("cpu", enabled=False):  # the heads are always computed in float32
            spans = self.span(hidden).masked_fill(~answerable.unsqueeze(-1), IMPOSSIBLE)
            return spans, self.presence(hidden[:, 0]).squeeze(-1)

    def rate(self, batch: Batch) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what `forward` does for a batch of pairs, as arrays."""
        arrays = (torch.from_numpy(each) for each in (batch.ids, batch.mask, batch.answerable))
        with torch.inference_mode():
            spans, presence = self(*arrays)
        return spans.numpy(), presence.numpy()

    def halve(self) -> bool:
        """Switch the layers to bfloat16 if this processor multiplies bfloat16 matrices faster.

        Most processors are slower. Returns whether the layers changed.
        """
        is_faster = is_faster_in_bfloat16()
        if is_faster:
            self.body.halve()
        return is_faster

    def trained(self) -> dict[str, nn.Parameter]:
        """Return the parameters that training changes, by name."""
        return {name: value for name, value in self.named_parameters() if value.requires_grad}


def save_reader(network: ReaderNetwork, path: Path, *, about: Mapping[str, Any]) -> None:
    """Write the changes by training to a file, with `about` as JSON."""
    origin = ReaderNetwork(frozen_layers=network.frozen_layers).trained()
    tensors: dict[str, Tensor] = {}
    for name, value in network.trained().items():
        if not name.startswith("body."):
            tensors[name] = value.detach().half()
            continue
        change = value.detach() - origin[name].detach()
        if change.ndim == 1:
            tensors[name] = change.half()
            continue
        scale = change.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / _LEVELS
        tensors[name] = (change / scale).round().to(torch.int8)
        tensors[f"{name}.scale"] = scale  # float32: half precision would round small scales to 0
    facts = {"format": FORMAT, "encoder": TESTED_SHA256, "frozen_layers": network.frozen_layers}
    part = path.with_name(path.name + ".part")
    save_file(tensors, part, metadata={"about": json.dumps({**facts, **about}, sort_keys=True)})
    part.replace(path)


def load_reader(path: Path) -> tuple[ReaderNetwork, dict[str, Any]]:
    """Return a network that `save_reader` wrote, and the facts stored with it.

    Raises:
        ValueError: the file has another format, or was made for another encoder.
        OSError, SafetensorError: the file cannot be read.
    """
    with safe_open(path, framework="pt") as file:
        about = told_by(file)
        network = ReaderNetwork(frozen_layers=about["frozen_layers"])
        with torch.no_grad():
            for name, value in network.trained().items():
                stored = file.get_tensor(name)
                if not name.startswith("body."):
                    value.copy_(stored)
                elif stored.dtype == torch.int8:
                    value.add_(stored * file.get_tensor(f"{name}.scale"))
                else:
                    value.add_(stored)
    return network.eval(), about
