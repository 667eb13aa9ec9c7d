"""Infers when an undated article appeared, with the quotes that speak for it; reads datelines."""

from __future__ import annotations

from qa.dates.inference.dateline import Dateline, read_dateline
from qa.dates.inference.inference import infer_date
from qa.dates.inference.kinds import EvidenceKind
from qa.dates.inference.neighbours import Neighbour, nearest_stories

__all__ = [
    "Dateline",
    "EvidenceKind",
    "Neighbour",
    "infer_date",
    "nearest_stories",
    "read_dateline",
]
