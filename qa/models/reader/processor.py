"""Tells what the processor of this machine offers to the reader and the encoder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CONTROL_GROUP = Path("/sys/fs/cgroup")
PROCESSOR_FACTS = Path("/proc/cpuinfo")


def has_matrix_units() -> bool:
    """Tell whether the processor has units that multiply bfloat16 matrices (AMX)."""
    return _can("amx_bf16", "_is_amx_tile_supported")


def is_faster_in_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 matrices faster than float32 ones.

    It does with AMX (Intel's servers of 2023 and later) or AVX512_BF16 (AMD's Zen 4 and later).
    """
    return has_matrix_units() or _can("avx512_bf16", "_is_avx512_bf16_supported")


def _can(flag: str, supported: str) -> bool:
    """Tell whether the processor names `flag` and torch supports it."""
    if sys.platform == "linux" and not _names(flag):
        return False
    import torch  # it also knows whether the system lets a process use them

    # Torch has no public function for this.
    return bool(getattr(torch.cpu, supported, bool)())


def _names(flag: str) -> bool:
    try:
        return flag in PROCESSOR_FACTS.read_text(encoding="ascii", errors="replace")
    except OSError:
        return True  # ask torch


def usable_cores(group: Path = CONTROL_GROUP) -> float:
    """Return how many cores this process may use; a control group may allow it part of one."""
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = float(len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1)
    try:
        quota, _, period = (group / "cpu.max").read_text(encoding="ascii").strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        return cores
    allowed = float(quota) / float(period) if quota.isdigit() and period.isdigit() else cores
    return min(cores, allowed)


def questions_at_once() -> int:
    """Return how many questions a server may answer at once: as many as cores, at least two."""
    return max(2, int(usable_cores()))


def give_each_question_a_core() -> None:
    """Compute each question on one core; several threads for one wait for each other too much."""
    import torch

    torch.set_num_threads(1)


def threads_in_use() -> int:
    """Return how many threads one question is computed with."""
    import torch

    return torch.get_num_threads()
