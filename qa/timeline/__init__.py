"""Timelines: what an archive says on a topic through time, as records, words and pictures."""

from __future__ import annotations

from qa.timeline.choosing import ENTRIES, build_timeline
from qa.timeline.finding import find_timeline
from qa.timeline.plot import plot_timeline
from qa.timeline.records import Timeline, TimelineEntry
from qa.timeline.text import timeline_text

__all__ = [
    "ENTRIES",
    "Timeline",
    "TimelineEntry",
    "build_timeline",
    "find_timeline",
    "plot_timeline",
    "timeline_text",
]
