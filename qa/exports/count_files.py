"""Counts of queries as CSV: a row for each value (such as a month) and query."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from qa.exports.as_csv import BYTE_ORDER_MARK, cell_of
from qa.retrieval.match_counts import FacetCount

_NOTHING = FacetCount("", None, 0, 0, 0, 0)  # tells the columns where there is no count


def count_lines(counts: Iterable[FacetCount]) -> Iterator[str]:
    """Yield the lines of a table of counts: the names of the columns, then one line a count.

    The columns are the values of `FacetCount.to_dict`. The file begins with a byte order mark,
    without which spreadsheets misread UTF-8.
    """
    rows = [count.to_dict() for count in counts]
    yield BYTE_ORDER_MARK + _line(rows[0] if rows else _NOTHING.to_dict())
    for row in rows:
        yield _line([cell_of(name, value) for name, value in row.items()])


def _line(cells: Iterable[object]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow(cells)
    return file.getvalue()
