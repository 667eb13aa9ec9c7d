"""Timelines: quotes on a topic through time, as records, as text and as pictures."""

from __future__ import annotations

from qa.answer.picture import PlotError, check_plot
from qa.answer.timeline.plot import plot_timeline
from qa.answer.timeline.records import Timeline
from qa.answer.timeline.search import find_timeline
from qa.answer.timeline.selection import ENTRIES, build_timeline
from qa.answer.timeline.text import timeline_text

__all__ = [
    "ENTRIES",
    "PlotError",
    "Timeline",
    "build_timeline",
    "check_plot",
    "find_timeline",
    "plot_timeline",
    "timeline_text",
]
