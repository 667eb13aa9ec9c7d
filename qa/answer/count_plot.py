"""Draws counts of queries (SVG or PNG): through time as lines, by name or weekday as bars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from index_store.catalog.facets import Facet
from qa.answer.picture import PlotError, check_suffix, drawable, name_days, write_picture
from qa.retrieval.match_counts import CountSeries, FacetCount
from qa.text.phrases import phrase

_WIDTH, _HEIGHT = 9.0, 4.5  # inches
_BAR = 0.28  # inches for each bar
_MARGIN = 1.6  # inches for title, axis and legend
_LEGEND = 0.3  # inches for one row of it
_LONGEST_LABEL = 60  # characters of a query in the legend
_MOST_NAMES = 30
_ASIDE = 0.03  # of the period, left and right of the lines
_MOST_NUMBERS = 40  # of points on lines, beside which the number stands
_COLOURS = ("#1f4e79", "#b34d00", "#4d7c0f", "#7e22ce", "#0f766e", "#9f1239")
_MARKERS = "osD^vP"
_LINES = ("-", "--", "-.", ":")
_TIMES = (Facet.DAY, Facet.MONTH, Facet.YEAR)


def plot_counts(series: CountSeries, path: Path, *, language: str = "nl") -> Path:
    """Draw counts, or their rate if `series.per` says so, to an SVG or PNG; return the path.

    Counts by day, month and year are lines with a point for each; where the selection has no
    articles there are no places, and no rate. Other counts are bars, of names the first 30. The
    description of the picture holds all numbers, also those of unknown date.

    Raises:
        SettingsError: the suffix is another.
        PlotError: there is nothing to draw, or the file cannot be written.
    """
    check_suffix(path)
    rows = [row for row in series.rows if row[0].value is not None]
    is_time = series.by in _TIMES
    if not is_time:
        rows = list(series.rows[:_MOST_NAMES])
    if not rows:
        raise PlotError(f"nothing to draw: no article is known by {series.by}")
    spoken = "nl" if language == "nl" else "en"
    bars = len(rows) * len(series.queries)
    return write_picture(
        path,
        lambda figure: (_draw_times if is_time else _draw_bars)(figure, series, rows, spoken),
        size=(_WIDTH, _HEIGHT if is_time else _MARGIN + _BAR * bars),
        title=_title(series, spoken),
        told="\n".join(_told(series, spoken)),
    )


def value_label(count: FacetCount, language: str) -> str:
    """Return the value of a count as it is shown: weekdays by their names.

    >>> value_label(FacetCount("weekday", "1", 0, 0, 0, 0), "nl")
    'maandag'
    """
    if count.value is None:
        return phrase("found_unknown", language)
    if count.by != Facet.WEEKDAY:
        return " ".join(count.value.split())
    from babel.dates import get_day_names

    return str(get_day_names(locale=language)[int(count.value) - 1])


def number_label(count: FacetCount, per: str | None) -> str:
    """Return the number of places, or their rate.

    >>> number_label(FacetCount("year", "2021", 1, 3, 0, 4), "article")
    '0.750'
    """
    return f"{count.rate(per):.3f}" if per else f"{count.places}"


def _title(series: CountSeries, language: str) -> str:
    return f"{' · '.join(series.queries)}\n{_measure(series, language)}"


def _measure(series: CountSeries, language: str) -> str:
    return phrase(f"found_per_{series.per}" if series.per else "found_in_texts", language)


def _told(series: CountSeries, language: str) -> Iterator[str]:
    for row in series.rows:
        numbers = ", ".join(f"{each.query} {number_label(each, series.per)}" for each in row)
        yield f"{value_label(row[0], language)}: {numbers}"


def _draw_times(
    figure: Any, series: CountSeries, rows: list[tuple[FacetCount, ...]], language: str
) -> None:
    axes = figure.subplots()
    known = {row[0].value: row for row in rows}
    times = list(_times(rows[0][0].value or "", rows[-1][0].value or "", series.by))
    for at in range(len(series.queries)):
        points = [known[text][at] if text in known else None for _, text in times]
        values = [_value(point, series.per) for point in points]
        days = [day for day, _ in times]
        axes.plot(days, values, label=str(at), markersize=4, color=_COLOURS[at % 6],
                  marker=_MARKERS[at % 6], linestyle=_LINES[at % 4])  # fmt: skip
        if len(times) * len(series.queries) <= _MOST_NUMBERS:
            _write_numbers(axes, days, points, series.per)
    axes.set_xlim(*_around(times[0][0], times[-1][0]))
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, axis="y", color="0.9")
    name_days(axes, language)
    _finish(figure, axes, series, language)


def _write_numbers(
    axes: Any, days: list[date], points: list[FacetCount | None], per: str | None
) -> None:
    for day, point in zip(days, points, strict=True):
        if point is not None:
            axes.annotate(number_label(point, per), (day, point.rate(per)), xytext=(0, 5),
                          textcoords="offset points", fontsize=7, ha="center")  # fmt: skip


def _value(count: FacetCount | None, per: str | None) -> float:
    if count is None:  # no article: nothing was written then, and there is no rate
        return float("nan") if per else 0.0
    return count.rate(per)


def _times(first: str, last: str, by: str) -> Iterator[tuple[date, str]]:
    """Yield every day, month or year from the first to the last, with its first day.

    >>> [text for _, text in _times("2021-11", "2022-01", "month")]
    ['2021-11', '2021-12', '2022-01']
    """
    length, text = len(first), first
    step = {Facet.DAY: 1, Facet.MONTH: 31, Facet.YEAR: 366}[Facet(by)]  # days, at least to the next
    while True:
        day = date.fromisoformat(f"{text}-01-01"[:10])
        yield day, text
        if text >= last:
            return
        text = (day + timedelta(days=step)).isoformat()[:length]


def _around(first: date, last: date) -> tuple[date, date]:
    """Return days a little before and after these, which lie in years that a calendar has.

    >>> _around(date(2021, 1, 1), date(9999, 1, 1))[1]
    datetime.date(9999, 12, 31)
    """
    aside = max((last - first) * _ASIDE, timedelta(days=3))
    return (
        first - min(aside, first - date.min),
        last + min(aside, date.max - last),
    )


def _draw_bars(
    figure: Any, series: CountSeries, rows: list[tuple[FacetCount, ...]], language: str
) -> None:
    axes = figure.subplots()
    height = 0.8 / len(series.queries)
    for at in range(len(series.queries)):
        places = [place + at * height for place in range(len(rows))]
        bars = axes.barh(places, [row[at].rate(series.per) for row in rows], height, align="edge",
                         label=str(at), color=_COLOURS[at % 6])  # fmt: skip
        axes.bar_label(bars, [number_label(row[at], series.per) for row in rows], padding=3,
                       fontsize=7)  # fmt: skip
    labels = [drawable(value_label(row[0], language)) for row in rows]
    axes.set_yticks([place + 0.4 for place in range(len(rows))], labels, fontsize=8)
    axes.tick_params(axis="x", labelsize=8)
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
    axes.invert_yaxis()
    axes.margins(x=0.1)
    axes.grid(visible=True, axis="x", color="0.9")
    _finish(figure, axes, series, language)


def _finish(figure: Any, axes: Any, series: CountSeries, language: str) -> None:
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_title(_measure(series, language), loc="left", fontsize=10)
    _add_legend(figure, axes, [_label(query) for query in series.queries])


def _add_legend(figure: Any, axes: Any, labels: list[str]) -> None:
    """Name the queries below the picture, which grows by what several rows of names take."""
    drawn = axes.get_legend_handles_labels()[0]
    numbers = [str(at) for at in range(len(labels))]  # Matplotlib hides names such as "_brug"
    for columns in (3, 2, 1):
        legend = figure.legend(
            drawn, numbers, loc="outside lower left", ncols=columns, frameon=False, fontsize=8
        )
        for text, label in zip(legend.get_texts(), labels, strict=True):
            text.set_text(label)
            text.set_parse_math(False)
        width, height = legend.get_window_extent().size / figure.dpi
        if columns == 1 or width <= figure.get_figwidth():
            break
        legend.remove()
    figure.set_figheight(figure.get_figheight() + max(0.0, height - _LEGEND))


def _label(query: str) -> str:
    label = drawable(query)
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
