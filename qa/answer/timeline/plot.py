"""Draws a timeline (SVG or PNG): when quotes were published, and which days they are about.

The picture shows only the first words of a quote, with a box for each letter that the font lacks.
The description of the picture holds the whole quote, as text and never as markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from textwrap import shorten
from typing import Any

from index_store.records import DateRange, Provenance
from qa.answer.records import Citation
from qa.answer.timeline.records import Timeline
from qa.answer.timeline.text import heading, timeline_text
from qa.dates.wording import display_date
from qa.errors import DatelineError, SettingsError

FORMATS = (".svg", ".png")
_WIDTH = 9.0  # inches
_ROW = 0.5  # inches for each quote
_MARGIN = 1.2  # inches for title, axis and legend
_PUBLISHED, _SPOKEN = "#1f4e79", "#b34d00"  # the shapes differ as well as the colours
_DOTS_PER_INCH = 150
_QUOTED = 90  # characters of a quote that are drawn
_SVG = "http://www.w3.org/2000/svg"
_WORDS = {
    "nl": ("verschenen", "verschenen (afgeleid)", "de dagen waarover wordt gesproken"),
    "en": ("published", "published (inferred)", "the days spoken of"),
}
_FARTHEST = 1.0  # days in quotes lie no farther from the articles than the length of their period,
_LEAST_AROUND = timedelta(days=183)  # or than this, if it is longer
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class PlotError(DatelineError):
    """A timeline cannot be drawn, or the picture cannot be written."""


def plot_timeline(timeline: Timeline, path: Path, *, language: str = "nl") -> Path:
    """Draw a timeline to a file, an SVG or a PNG by its suffix, and return the path.

    The same timeline gives the same file. An SVG has a title and a description for people who
    cannot see it; a PNG has them in its metadata.

    Raises:
        SettingsError: the suffix is another.
        PlotError: no quote has a date, or the file cannot be written.
    """
    _check_suffix(path)
    if timeline.first is None or timeline.last is None:
        raise PlotError(f"nothing dated to draw for {timeline.topic!r}")
    drawn = _drawn(timeline, "nl" if language == "nl" else "en", path.suffix.lower())
    try:
        path.write_bytes(drawn)
    except OSError as error:
        raise PlotError(f"cannot write the plot to {path} ({error.strerror})") from error
    return path


def check_plot(path: Path) -> None:
    """Refuse a file that cannot be drawn, before any work is done.

    Raises:
        SettingsError: the suffix is another, or the folder does not exist.
        PlotError: matplotlib is not installed.
    """
    _check_suffix(path)
    if not path.parent.is_dir():
        raise SettingsError(f"cannot write the plot to {path} (there is no folder {path.parent})")
    if find_spec("matplotlib") is None:
        raise PlotError("matplotlib is missing; install it with: pip install 'dateline-qa[eval]'")


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(f"a timeline is drawn as {' or '.join(FORMATS)}, not {path.name!r}")


def _drawn(timeline: Timeline, language: str, suffix: str) -> bytes:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    dated = [each for each in timeline.citations if each.article.published.first]
    figure = Figure(figsize=(_WIDTH, _MARGIN + _ROW * len(dated)), layout="constrained")
    about = {"Title": heading(timeline, language), "Description": timeline_text(timeline, language)}
    target = io.BytesIO()
    # Fixed names inside the file and no date, so that equal timelines give equal files.
    with mpl.rc_context({"svg.hashsalt": "dateline"}):
        _draw(figure, timeline, dated, language)
        if suffix == ".png":
            figure.savefig(target, format="png", dpi=_DOTS_PER_INCH, metadata=about)
            return target.getvalue()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return _described(target.getvalue(), about["Title"], about["Description"])


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
        said = _drawable(shorten(" ".join(citation.quote.split()), _QUOTED, placeholder=" …"))
        axes.text(0, row - 0.25, said, transform=axes.get_yaxis_transform(), fontsize=8,
                  va="center", parse_math=False)  # fmt: skip
    labels = [f"{display_date(each.article, language)} [{each.number}]" for each in dated]
    axes.set_yticks(range(len(dated)), labels, fontsize=8)
    axes.set_ylim(len(dated) - 0.5, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x", color="0.9")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    _name_days(axes, language)
    axes.set_title(_drawable(heading(timeline, language)), loc="left", parse_math=False, wrap=True)
    handles, names = axes.get_legend_handles_labels()
    once = dict(zip(names, handles, strict=True))
    figure.legend(once.values(), once.keys(), loc="outside lower left", ncols=3, frameon=False,
                  fontsize=8)  # fmt: skip


def _name_days(axes: Any, language: str) -> None:
    """Label days, months or years below the picture in its own language, not the machine's."""
    from babel.dates import format_date
    from matplotlib import dates, ticker

    scale: Any = dates  # the functions of this module have no types
    # With at least five ticks, four years would need more months than seven ticks allow.
    locator = scale.AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    first, last = (scale.num2date(each) for each in axes.get_xlim())
    days = (last - first).days
    pattern = "d MMM y" if days < 100 else "MMM y" if days < 2000 else "y"

    def named(at: float, _: int | None) -> str:
        return str(format_date(scale.num2date(at), pattern, locale=language))

    axes.xaxis.set_major_formatter(ticker.FuncFormatter(named))
    axes.tick_params(axis="x", labelsize=8)


def _bar(axes: Any, row: float, days: DateRange, label: str, **look: Any) -> None:
    """Draw a range of days as a line with two ends, and one day as a mark."""
    axes.plot([days.first, days.last], [row, row], markersize=5, linewidth=2, label=label, **look)


def _is_near(days: DateRange, timeline: Timeline) -> bool:
    """Tell whether a closed range lies near the articles; a far year would squeeze the rest."""
    if not (days.first and days.last and timeline.first and timeline.last):
        return False
    around = max(_LEAST_AROUND, (timeline.last - timeline.first) * _FARTHEST)
    return timeline.first - days.first <= around and days.last - timeline.last <= around


def _drawable(text: str) -> str:
    """Return a text on one line, with a box for each character that the font lacks."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties()))
    line = " ".join(text.split())
    return "".join(letter if font.get_char_index(ord(letter)) else "\u25a1" for letter in line)


def _described(svg: bytes, title: str, description: str) -> bytes:
    """Add a title and a description for screen readers to an SVG."""
    from xml.etree import ElementTree

    for prefix, name in (("", _SVG), ("xlink", "http://www.w3.org/1999/xlink")):
        ElementTree.register_namespace(prefix, name)
    root = ElementTree.fromstring(svg)  # noqa: S314 - matplotlib has just made it
    root.set("role", "img")
    root.set("aria-labelledby", "timeline-title timeline-description")
    parts = (("title", "timeline-title", title), ("desc", "timeline-description", description))
    for place, (tag, identifier, text) in enumerate(parts):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": identifier})
        element.text = _NOT_IN_XML.sub("\ufffd", text)
        root.insert(place, element)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
