"""Timelines: what an archive says on a topic through time, as records, words and pictures."""

from __future__ import annotations

from qa.timeline.choosing import ENTRIES, build_timeline
from qa.timeline.finding import find_timeline
from qa.timeline.plot import PlotError, check_plot, plot_timeline
from qa.timeline.records import Timeline
from qa.timeline.text import timeline_text

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
