"""Writes what a search found to a table for spreadsheets: matches, counts, collocates, n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from qa.exports.count_files import collocate_lines, count_lines, cross_lines, ngram_lines
from qa.exports.match_files import csv_lines
from qa.exports.whole_file import whole_file
from qa.retrieval.collocates import Collocates
from qa.retrieval.cross_counts import CrossCounts
from qa.retrieval.match import Match
from qa.retrieval.match_counts import CountSeries, FacetCounts
from qa.retrieval.ngrams import Ngrams

Table = Iterable[Match] | FacetCounts | CountSeries | CrossCounts | Collocates | Ngrams


def save_table(path: Path, found: Table) -> None:
    """Write matches or counts as CSV, completely or not at all, as `dateline find --csv` does.

    A cell that a spreadsheet would run has an apostrophe in front. Matches are written one by one
    as they are read.

    Raises:
        ExportError: the file cannot be written.
    """
    with whole_file(path) as file:
        for line in _lines(found):
            file.write(line)


def _lines(found: Table) -> Iterator[str]:
    match found:
        case CrossCounts():
            return cross_lines(found)
        case Collocates():
            return collocate_lines(found)
        case Ngrams():
            return ngram_lines(found)
        case FacetCounts() | CountSeries():
            return count_lines(found)
    return csv_lines(found)
