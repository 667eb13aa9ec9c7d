"""Tells what the processor of this machine offers to the reader and the encoder."""

from __future__ import annotations


def has_matrix_units() -> bool:
    """Tell whether the processor has units that multiply bfloat16 matrices faster (AMX)."""
    import torch

    # Torch has no public function for this.
    return bool(getattr(torch.cpu, "_is_amx_tile_supported", bool)())


def threads_in_use() -> int:
    """Return how many threads one question is computed with."""
    import torch

    return torch.get_num_threads()
