"""A timeline as a picture (SVG or PNG): when quotes were published, and of what days they speak.

What articles say is not drawn, for a font may lack its letters; it is in the description that
goes with the picture, as text and never as markup.
"""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from index_store.records import DateRange
from qa.errors import SettingsError
from qa.timeline.records import Timeline
from qa.timeline.text import timeline_text

FORMATS = (".svg", ".png")
_WIDTH = 9.0  # inches
_ROW = 0.3  # inches for each entry
_MARGIN = 1.6  # inches for title and axis
_PUBLISHED, _SPOKEN = "#1f4e79", "#c05a00"  # told apart by shape as well
_DOTS_PER_INCH = 150
_SVG = "http://www.w3.org/2000/svg"
_WORDS = {
    "nl": ("Tijdlijn: {topic}", "verschenen", "de dagen waarover wordt gesproken"),
    "en": ("Timeline: {topic}", "published", "the days spoken of"),
}
_DAYS_AROUND = 3650  # days spoken of are drawn no further from the articles than this
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plot_timeline(timeline: Timeline, path: Path, *, language: str = "nl") -> Path:
    """Draw a timeline to a file, by its suffix an SVG or a PNG; return the path.

    The same timeline gives the same file. An SVG has a title and a description for who cannot
    see it, a PNG has them in its metadata.

    Raises:
        SettingsError: matplotlib is not installed, the suffix is another, no entry has a date,
            or the file cannot be written.
    """
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(f"a timeline is drawn as {' or '.join(FORMATS)}, not {path.name!r}")
    if timeline.first is None or timeline.last is None:
        raise SettingsError(f"nothing dated to draw for {timeline.topic!r}")
    drawn = _drawn(timeline, "nl" if language == "nl" else "en", path.suffix.lower())
    try:
        path.write_bytes(drawn)
    except OSError as error:
        raise SettingsError(f"cannot write the plot to {path} ({error.strerror})") from error
    return path


def _drawn(timeline: Timeline, language: str, suffix: str) -> bytes:
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        hint = "pip install 'dateline-qa[eval]'"
        raise SettingsError(f"matplotlib is missing; install it with: {hint}") from error
    title = _WORDS[language][0].format(topic=timeline.topic)
    dated = [each for each in timeline.entries if each.citation.article.published.first]
    figure = Figure(figsize=(_WIDTH, _MARGIN + _ROW * len(dated)), layout="constrained")
    # Names inside are fixed and no date is noted, so that equal timelines are equal files.
    with mpl.rc_context({"svg.hashsalt": "dateline"}):
        _draw(figure, timeline, language, title)
        target = io.BytesIO()
        if suffix == ".png":
            about = {"Title": title, "Description": timeline_text(timeline, language)}
            figure.savefig(target, format="png", dpi=_DOTS_PER_INCH, metadata=about)
            return target.getvalue()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return _described(target.getvalue(), title, timeline_text(timeline, language))


def _draw(figure: Any, timeline: Timeline, language: str, title: str) -> None:
    from matplotlib import dates

    scale: Any = dates  # its functions have no types
    axes = figure.subplots()
    _, published_label, spoken_label = _WORDS[language]
    dated = [each for each in timeline.entries if each.citation.article.published.first]
    for row, entry in enumerate(dated):
        published = entry.citation.article.published
        appeared = DateRange(published.first, published.last)
        _bar(axes, row, appeared, is_spoken=False, label=published_label)
        for expression in entry.dates:
            span = _near(expression.range, timeline)
            if span:
                _bar(axes, row + 0.22, span, is_spoken=True, label=spoken_label)
    axes.set_yticks(range(len(dated)), [f"[{each.citation.number}]" for each in dated])
    axes.invert_yaxis()
    axes.margins(y=0.5 / len(dated) + 0.02)
    axes.grid(visible=True, axis="x", color="0.88")
    axes.spines[["top", "right", "left"]].set_visible(False)
    locator = scale.AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(scale.ConciseDateFormatter(locator))
    axes.set_title(_drawable(title), loc="left", parse_math=False)
    handles, labels = axes.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    figure.legend(once.values(), once.keys(), loc="outside lower left", ncols=2, frameon=False)


def _bar(axes: Any, row: float, days: DateRange, *, is_spoken: bool, label: str) -> None:
    """Draw a range of days as a line with its ends, one day as a mark."""
    color = _SPOKEN if is_spoken else _PUBLISHED
    axes.plot(
        [days.first, days.last],
        [row, row],
        color=color,
        marker="D" if is_spoken else "o",
        markersize=5,
        markerfacecolor="white" if is_spoken else color,
        linewidth=2,
        label=label,
    )


def _near(days: DateRange, timeline: Timeline) -> DateRange | None:
    """Return the part of a closed range that lies near the articles: 1953 would hide the rest."""
    if not (days.first and days.last and timeline.first and timeline.last):
        return None
    margin = timedelta(days=_DAYS_AROUND)
    least = timeline.first - min(margin, timeline.first - date.min)
    most = timeline.last + min(margin, date.max - timeline.last)
    return days if least <= days.first and days.last <= most else None


def _drawable(text: str) -> str:
    """Return a text with a box for each sign that the font lacks, on one line."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties()))
    line = " ".join(text.split())
    return "".join(letter if font.get_char_index(ord(letter)) else "\u25a1" for letter in line)


def _described(svg: bytes, title: str, description: str) -> bytes:
    """Give an SVG a title and a description that screen readers find."""
    from xml.etree import ElementTree

    for prefix, name in (("", _SVG), ("xlink", "http://www.w3.org/1999/xlink")):
        ElementTree.register_namespace(prefix, name)
    root = ElementTree.fromstring(svg)  # noqa: S314 - matplotlib made it a moment ago
    root.set("role", "img")
    root.set("aria-labelledby", "timeline-title timeline-description")
    parts = (("title", "timeline-title", title), ("desc", "timeline-description", description))
    for place, (tag, identifier, text) in enumerate(parts):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": identifier})
        element.text = _NOT_IN_XML.sub("\ufffd", text)
        root.insert(place, element)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
