"""Shows counts by month, source and so on in lines of a fixed width: as tables and as bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answer.count_plot import number_label, value_label
from qa.cli.concordance import cut
from qa.retrieval.cross_counts import CrossCounts, with_matches
from qa.retrieval.match_counts import CountSeries, FacetCount, Rate
from qa.text.phrases import phrase

_COLUMN = 13  # columns of the terminal for a number with its name
_QUERY = 18  # for the counts of a query
_SIGNS = "█▓▒░"  # of bars, one for each query


def facet_table(
    counts: Sequence[FacetCount], *, per: str | None, width: int, language: str
) -> Iterator[str]:
    """Yield the lines of a table of the counts of one query, with the names of its columns."""
    names = phrase(f"found_columns_{per}" if per == Rate.WORDS else "found_columns", language)
    rows = [(each.places, each.articles, *_divided(each, per)) for each in counts]
    yield from _table(counts, names.split(), rows, width=width, language=language)


def _divided(count: FacetCount, per: str | None) -> tuple[int, str]:
    if per == Rate.WORDS:
        return count.of_words or 0, f"{count.rate(per):.3f}"
    return count.of_articles, f"{count.per_article:.3f}"


def _table(
    counts: Sequence[FacetCount],
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    width: int,
    language: str,
) -> Iterator[str]:
    labels = [value_label(each, language) for each in counts]
    first = min(max(map(len, [*labels, counts[0].by if counts else ""])), width - 52)
    yield f"{'':{first}}" + "".join(f"{name.replace('_', ' '):>{_COLUMN}}" for name in names)
    for label, row in zip(labels, rows, strict=True):
        yield f"{cut(label, first):{first}}" + "".join(f"{value:>{_COLUMN}}" for value in row)


def series_table(series: CountSeries, *, width: int, language: str) -> Iterator[str]:
    """Yield the lines of a table with a column for each query: its places, and their rate.

    The last column is what they are divided by, or else the articles of the selection. If there are
    more queries than the width holds, they follow in a further table.
    """
    first = [row[0] for row in series.rows]
    labels = [value_label(each, language) for each in first]
    room = min(max(map(len, [*labels, series.by])), width - _QUERY - _COLUMN)
    at_once = max(1, (width - room - _COLUMN) // _QUERY)
    for at in range(0, len(series.queries), at_once):
        yield from [""] if at else []
        part = slice(at, at + at_once)
        heads = "".join(f"{cut(query, _QUERY - 2):>{_QUERY}}" for query in series.queries[part])
        yield f"{'':{room}}{heads}{phrase(_of(series), language):>{_COLUMN}}"
        for label, row in zip(labels, series.rows, strict=True):
            cells = "".join(f"{_cell(each, series.per):>{_QUERY}}" for each in row[part])
            total = row[0].of_words if series.per == Rate.WORDS else row[0].of_articles
            yield f"{cut(label, room):{room}}{cells}{total or 0:>{_COLUMN}}"
    if series.per:
        yield phrase(f"found_per_{series.per}", language)


def cross_table(table: CrossCounts, *, width: int, language: str) -> Iterator[str]:
    """Yield the lines of a table of places in texts by two facets, with the totals of both.

    If there are more columns than the width holds, they follow in a further table.
    """
    total = phrase("found_total", language)
    labels = [value_label(each, language) for each in table.rows]
    heads = [(each.value, value_label(each, language)) for each in with_matches(table.columns)]
    room = min(max(map(len, [*labels, total])), width - 2 * _COLUMN)
    at_once = max(1, (width - room - _COLUMN) // _COLUMN)
    for at in range(0, max(1, len(heads)), at_once):
        yield from [""] if at else []
        part = heads[at : at + at_once]
        names = [*(cut(label, _COLUMN - 2) for _, label in part), total]
        yield f"{'':{room}}" + "".join(f"{name:>{_COLUMN}}" for name in names)
        rows = [
            (label, row.value, row.places) for label, row in zip(labels, table.rows, strict=True)
        ]
        for label, value, places in rows:
            cells = [*(table[value, column].places for column, _ in part), places]
            yield f"{cut(label, room):{room}}" + "".join(f"{each:>{_COLUMN}}" for each in cells)
        sums = {each.value: each.places for each in table.columns}
        cells = [*(sums[column] for column, _ in part), table.total.places]
        yield f"{total:{room}}" + "".join(f"{each:>{_COLUMN}}" for each in cells)
    yield phrase("found_cross", language)


def _of(series: CountSeries) -> str:
    return "found_of_words" if series.per == Rate.WORDS else "found_of_articles"


def _cell(count: FacetCount, per: str | None) -> str:
    """Return the places, and what they are for each article or 10,000 words.

    >>> _cell(FacetCount("year", "2021", 2, 3, 0, 4), "article")
    '3 (0.750)'
    """
    return f"{count.places} ({count.rate(per):.3f})" if per else f"{count.places}"


def bar_chart(series: CountSeries, *, width: int, language: str) -> Iterator[str]:
    """Yield a line with a bar for each value and query, the number before it.

    Bars show the places, or their rate if there is one; all have one scale. Each query has a sign
    of its own, with its name above; behind the fourth query the signs come again.
    """
    if len(series.queries) > 1:
        yield "  ".join(f"{_sign(at)} {query}" for at, query in enumerate(series.queries))
    labels = [value_label(row[0], language) for row in series.rows]
    numbers = [[number_label(count, series.per) for count in row] for row in series.rows]
    digits = max((len(number) for row in numbers for number in row), default=0)
    first = min(max(map(len, labels), default=0), width // 3)
    room = width - first - digits - 3
    most = max((count.rate(series.per) for count in series), default=0)
    for label, row, told in zip(labels, series.rows, numbers, strict=True):
        for at, (count, number) in enumerate(zip(row, told, strict=True)):
            bar = _sign(at) * _length(count.rate(series.per), most, room)
            before = cut("" if at else label, first)
            yield f"{before:{first}}  {number:>{digits}} {bar}".rstrip()
    if series.per:
        yield phrase(f"found_per_{series.per}", language)


def _length(value: float, most: float, room: int) -> int:
    """Return the length of a bar; whatever is not zero can be seen.

    >>> [_length(value, 200, 40) for value in (0, 1, 100, 200)]
    [0, 1, 20, 40]
    """
    return max(1, round(value / most * room)) if value else 0


def _sign(at: int) -> str:
    return _SIGNS[at % len(_SIGNS)]
