"""Tells what the processor of this machine offers to the reader and the encoder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CONTROL_GROUP = Path("/sys/fs/cgroup")
PROCESSOR_FACTS = Path("/proc/cpuinfo")


def has_matrix_units() -> bool:
    """Tell whether the processor has units that multiply bfloat16 matrices faster (AMX)."""
    if sys.platform == "linux" and not _names_matrix_units():
        return False
    import torch  # it also knows whether the system lets a process use them

    # Torch has no public function for this.
    return bool(getattr(torch.cpu, "_is_amx_tile_supported", bool)())


def _names_matrix_units() -> bool:
    try:
        return "amx_bf16" in PROCESSOR_FACTS.read_text(encoding="ascii", errors="replace")
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
