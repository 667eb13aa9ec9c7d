from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.evaluation.soak.stand_ins import HashEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


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
