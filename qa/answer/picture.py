"""Makes pictures (SVG or PNG) with a title and a description for people who cannot see them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qa.errors import DatelineError, SettingsError

FORMATS = (".svg", ".png")
_DOTS_PER_INCH = 150
_SVG = "http://www.w3.org/2000/svg"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class PlotError(DatelineError):
    """A picture cannot be drawn, or not be written."""


def check_plot(path: Path) -> None:
    """Refuse a file that cannot be drawn, before any work is done.

    Raises:
        SettingsError: the suffix is another, or the folder does not exist.
        PlotError: matplotlib is not installed.
    """
    check_suffix(path)
    if not path.parent.is_dir():
        raise SettingsError(f"cannot write the plot to {path} (there is no folder {path.parent})")
    if find_spec("matplotlib") is None:
        raise PlotError("matplotlib is missing; install it with: pip install 'dateline-qa[eval]'")


def check_suffix(path: Path) -> None:
    """Refuse a suffix that is no format of pictures.

    Raises:
        SettingsError: the suffix is another.
    """
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(f"a plot is drawn as {' or '.join(FORMATS)}, not {path.name!r}")


def write_picture(
    path: Path, draw: Callable[[Any], None], *, size: tuple[float, float], title: str, told: str
) -> Path:
    """Draw a figure of a size in inches to a file, in the format of its suffix.

    Equal drawings give equal files. `title` and `told`, all that the picture shows in words, go
    into an SVG for people who cannot see it, and into the metadata of a PNG.

    Raises:
        PlotError: the file cannot be written.
    """
    drawn = _drawn(draw, path.suffix.lower(), size=size, title=title, told=told)
    try:
        path.write_bytes(drawn)
    except OSError as error:
        raise PlotError(f"cannot write the plot to {path} ({error.strerror})") from error
    return path


def _drawn(
    draw: Callable[[Any], None], suffix: str, *, size: tuple[float, float], title: str, told: str
) -> bytes:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    target = io.BytesIO()
    # Fixed names inside the file and no date, so that equal drawings give equal files.
    with mpl.rc_context({"svg.hashsalt": "dateline"}):
        draw(figure)
        if suffix == ".png":
            about = {"Title": title, "Description": told}
            figure.savefig(target, format="png", dpi=_DOTS_PER_INCH, metadata=about)
            return target.getvalue()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return _described(target.getvalue(), title, told)


def name_days(axes: Any, language: str) -> None:
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


def drawable(text: str) -> str:
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
    root.set("aria-labelledby", "plot-title plot-description")
    parts = (("title", "plot-title", title), ("desc", "plot-description", description))
    for place, (tag, identifier, text) in enumerate(parts):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": identifier})
        element.text = _NOT_IN_XML.sub("\ufffd", text)
        root.insert(place, element)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
