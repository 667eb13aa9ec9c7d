"""Draws a timeline (SVG or PNG): when quotes were published, and which days they are about.

The picture shows only the first words of a quote, with a box for each letter that the font lacks.
The description of the picture holds the whole quote, as text and never as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from textwrap import shorten
from typing import Any

from index_store.records import DateRange, Provenance
from qa.answer.picture import PlotError, check_suffix, drawable, name_days, write_picture
from qa.answer.records import Citation
from qa.answer.timeline.records import Timeline
from qa.answer.timeline.text import heading, timeline_text
from qa.dates.wording import display_date

_WIDTH = 9.0  # inches
_ROW = 0.5  # inches for each quote
_MARGIN = 1.2  # inches for title, axis and legend
_PUBLISHED, _SPOKEN = "#1f4e79", "#b34d00"  # the shapes differ as well as the colours
_QUOTED = 90  # characters of a quote that are drawn
_WORDS = {
    "nl": ("verschenen", "verschenen (afgeleid)", "de dagen waarover wordt gesproken"),
    "en": ("published", "published (inferred)", "the days spoken of"),
}
_FARTHEST = 1.0  # days in quotes lie no farther from the articles than the length of their period,
_LEAST_AROUND = timedelta(days=183)  # or than this, if it is longer


def plot_timeline(timeline: Timeline, path: Path, *, language: str = "nl") -> Path:
    """Draw a timeline to a file, an SVG or a PNG by its suffix, and return the path.

    The same timeline gives the same file. An SVG has a title and a description for people who
    cannot see it; a PNG has them in its metadata.

    Raises:
        SettingsError: the suffix is another.
        PlotError: no quote has a date, or the file cannot be written.
    """
    check_suffix(path)
    if timeline.first is None or timeline.last is None:
        raise PlotError(f"nothing dated to draw for {timeline.topic!r}")
    spoken = "nl" if language == "nl" else "en"
    dated = [each for each in timeline.citations if each.article.published.first]
    return write_picture(
        path,
        lambda figure: _draw(figure, timeline, dated, spoken),
        size=(_WIDTH, _MARGIN + _ROW * len(dated)),
        title=heading(timeline, spoken),
        told=timeline_text(timeline, spoken),
    )


def _draw(figure: Any, timeline: Timeline, dated: Sequence[Citation], language: str) -> None:
    axes = figure.subplots()
    stated_label, inferred_label, spoken_label = _WORDS[language]
    for row, citation in enumerate(dated):
        published = citation.article.published
        appeared = DateRange(published.first, published.last)
        if published.provenance is Provenance.INFERRED:
            _bar(axes, row, appeared, inferred_label, marker="s", linestyle=":", color=_PUBLISHED)
        else:
            _bar(axes, row, appeared, stated_label, marker="o", color=_PUBLISHED)
        for expression in citation.dates:
            if _is_near(expression.range, timeline):
                _bar(axes, row + 0.2, expression.range, spoken_label, marker="D", color=_SPOKEN)
        said = drawable(shorten(" ".join(citation.quote.split()), _QUOTED, placeholder=" …"))
        axes.text(0, row - 0.25, said, transform=axes.get_yaxis_transform(), fontsize=8,
                  va="center", parse_math=False)  # fmt: skip
    labels = [f"{display_date(each.article, language)} [{each.number}]" for each in dated]
    axes.set_yticks(range(len(dated)), labels, fontsize=8)
    axes.set_ylim(len(dated) - 0.5, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x", color="0.9")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    name_days(axes, language)
    axes.set_title(drawable(heading(timeline, language)), loc="left", parse_math=False, wrap=True)
    handles, names = axes.get_legend_handles_labels()
    once = dict(zip(names, handles, strict=True))
    figure.legend(once.values(), once.keys(), loc="outside lower left", ncols=3, frameon=False,
                  fontsize=8)  # fmt: skip


def _bar(axes: Any, row: float, days: DateRange, label: str, **look: Any) -> None:
    """Draw a range of days as a line with two ends, and one day as a mark."""
    axes.plot([days.first, days.last], [row, row], markersize=5, linewidth=2, label=label, **look)


def _is_near(days: DateRange, timeline: Timeline) -> bool:
    """Tell whether a closed range lies near the articles; a far year would squeeze the rest."""
    if not (days.first and days.last and timeline.first and timeline.last):
        return False
    around = max(_LEAST_AROUND, (timeline.last - timeline.first) * _FARTHEST)
    return timeline.first - days.first <= around and days.last - timeline.last <= around
