"""Infers when an undated article appeared, with the quotes that speak for it; reads datelines."""

from __future__ import annotations

from qa.date_inference.dateline import Dateline, read_dateline
from qa.date_inference.inference import infer_date
from qa.date_inference.kinds import EvidenceKind
from qa.date_inference.neighbours import Neighbour, nearest_stories

__all__ = [
    "Dateline",
    "EvidenceKind",
    "Neighbour",
    "infer_date",
    "nearest_stories",
    "read_dateline",
]
