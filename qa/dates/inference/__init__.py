"""Infers when an undated article appeared, with the quotes that support it; reads datelines."""

from __future__ import annotations

from qa.dates.inference.dateline import Dateline, read_dateline
from qa.dates.inference.harvest import find_harvest
from qa.dates.inference.inference import infer_date
from qa.dates.inference.kinds import EvidenceKind
from qa.dates.inference.neighbours import MOST_CANDIDATES, Neighbour, nearest_articles
from qa.dates.inference.story import same_story

__all__ = [
    "MOST_CANDIDATES",
    "Dateline",
    "EvidenceKind",
    "Neighbour",
    "find_harvest",
    "infer_date",
    "nearest_articles",
    "read_dateline",
    "same_story",
]
