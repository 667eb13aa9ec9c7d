"""Counts of queries as CSV: a row for each value (such as a month) and query, collocate, n-gram."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qa.exports.as_csv import BYTE_ORDER_MARK, cell_of
from qa.retrieval.collocates import Collocate
from qa.retrieval.cross_counts import CrossCount, CrossCounts, with_matches
from qa.retrieval.match_counts import FacetCount
from qa.retrieval.ngrams import Ngram

# These tell the columns where there is nothing else.
_NO_COUNT = FacetCount("", None, 0, 0, 0, 0)
_OF_ALL = ("query", "by", "value", "archive")  # the same for each archive, or its name
_TOTAL = "total"
_IN_TITLES = "title_places_"  # before the value whose places in titles a column holds
_NO_WORDS = Ngram("", 0, 0, 0)
_NO_WORD = Collocate("", (), 0, 0, 0.0, 0.0, 0.0)


def count_lines(counts: Iterable[FacetCount]) -> Iterator[str]:
    """Yield the lines of a table of counts: the names of the columns, then one line a count.

    The columns are the values of `FacetCount.to_dict`; those of several archives come behind the
    sums, each under a name such as `places_nrc`. The file begins with a byte order mark, without
    which spreadsheets misread UTF-8.
    """
    yield from _table([_flat(count) for count in counts], _NO_COUNT.to_dict())


def _flat(count: FacetCount) -> dict[str, Any]:
    told = count.to_dict()
    for each in told.pop("archives", ()):
        own = {name: value for name, value in each.items() if name not in _OF_ALL}
        told |= {f"{name}_{each['archive']}": value for name, value in own.items()}
    return told


def cross_lines(table: CrossCounts) -> Iterator[str]:
    """Yield the lines of a table of places by two facets, with totals at both ends.

    A column with the name of a value holds the places in texts. Those in titles stand behind the
    total, each under a name such as `title_places_NRC`. The first cell names the facets; the name
    of what has no value is empty.
    """
    columns = with_matches(table.columns)
    values = [*(each.value or "" for each in columns), _TOTAL]
    heads = [*values, *(f"{_IN_TITLES}{each}" for each in values)]
    yield BYTE_ORDER_MARK + _line(
        [" × ".join(table.by), *(cell_of("value", each) for each in heads)]
    )
    for row in table.rows:
        cells = (table[row.value, each.value] for each in columns)
        yield _line([cell_of("value", row.value), *_in_texts_and_titles(*cells, row)])
    yield _line([_TOTAL, *_in_texts_and_titles(*columns, table.total)])


def _in_texts_and_titles(*counts: FacetCount | CrossCount) -> Iterator[int]:
    yield from (each.places for each in counts)
    yield from (each.title_places for each in counts)


def collocate_lines(found: Iterable[Collocate]) -> Iterator[str]:
    """Yield the lines of a table of collocates, as `count_lines` does; blanks separate forms."""
    rows = [{**each.to_dict(), "forms": " ".join(each.forms)} for each in found]
    yield from _table(rows, _NO_WORD.to_dict())


def ngram_lines(found: Iterable[Ngram]) -> Iterator[str]:
    """Yield the lines of a table of n-grams, as `count_lines` does."""
    yield from _table([each.to_dict() for each in found], _NO_WORDS.to_dict())


def _table(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _line(rows[0] if rows else columns)
    for row in rows:
        yield _line([cell_of(name, value) for name, value in row.items()])


def _line(cells: Iterable[object]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow(cells)
    return file.getvalue()
