"""Tells counts by month, source and so on: as a table, bars, JSON, CSV or a picture."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from qa.cli.count_table import bar_chart, cross_table, facet_table, series_table
from qa.cli.label_language import label_language
from qa.cli.options import echo, echo_json
from qa.retrieval.cross_counts import CrossCounts
from qa.retrieval.match_counts import CountSeries
from qa.text.phrases import phrase

_WIDTH = 80  # columns, where no terminal says otherwise


def tell_counted(
    found: CountSeries | CrossCounts,
    *,
    as_json: bool,
    bars: bool,
    csv: Path | None,
    plot: Path | None,
) -> None:
    """Print counts by one facet or by two.

    Raises:
        ExportError, PlotError: a file cannot be written.
    """
    if isinstance(found, CrossCounts):
        tell_cross(found, as_json=as_json, csv=csv)
    else:
        tell_series(found, as_json=as_json, bars=bars, csv=csv, plot=plot)


def tell_series(
    series: CountSeries, *, as_json: bool, bars: bool, csv: Path | None, plot: Path | None
) -> None:
    """Print counts (or write them to a table), and draw them if a file is given.

    Raises:
        ExportError, PlotError: a file cannot be written.
    """
    language = label_language(series.queries[0])
    if csv is not None:
        from qa.exports import save_table

        save_table(csv, series)
    elif as_json:
        for each in series:
            echo_json(each.to_dict())
    else:
        for line in _lines(series, bars=bars, language=language):
            echo(line)
        for name, own in series.of_archives():
            echo(f"\n{phrase('of_archive', language, archive=name)}")
            for line in _lines(own, bars=bars, language=language):
                echo(line)
    if plot is not None:
        from qa.answer.count_plot import plot_counts

        plot_counts(series, plot, language=language)


def tell_cross(table: CrossCounts, *, as_json: bool, csv: Path | None) -> None:
    """Print counts by two facets (or write them to a table); in JSON a line for each cell.

    Raises:
        ExportError: the file cannot be written.
    """
    if csv is not None:
        from qa.exports import save_table

        save_table(csv, table)
    elif as_json:
        for each in table.lines():
            echo_json(each)
    else:
        for line in cross_table(table, width=columns(), language=label_language(table.query)):
            echo(line)


def _lines(series: CountSeries, *, bars: bool, language: str) -> Iterable[str]:
    if bars:
        return bar_chart(series, width=columns(), language=language)
    if len(series.queries) == 1:
        counts = [row[0] for row in series.rows]
        return facet_table(counts, per=series.per, width=columns(), language=language)
    return series_table(series, width=columns(), language=language)


def columns() -> int:
    """Return how many columns the terminal has; 80 where there is none."""
    usual = (_WIDTH, 24)
    return max(40, shutil.get_terminal_size(usual).columns) if sys.stdout.isatty() else _WIDTH
