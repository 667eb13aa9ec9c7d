"""Counts by two facets at once, against a plain scan of all texts."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from index_store.catalog.facets import Facet, values_of
from index_store.local import LocalStore
from index_store.local_view import LocalView
from index_store.records import EVERYTHING, Article, ArticleFilter
from qa.errors import SettingsError
from qa.exports.count_files import cross_lines
from qa.retrieval.cross_counts import CrossCount, CrossCounts, CrossTally
from qa.retrieval.match_counts import FacetCount
from qa.retrieval.matches import Matches
from tests.retrieval.query_oracle import SOURCES, made_article, tokens
from tests.store_building import make_article, make_store, open_view, put

MADE = [made_article(number) for number in range(80)]
COPIED = [each for each in MADE[::5] if each.source != SOURCES[0]]
# Some are of several sources: they count in each of these cells, and once in all.
ARTICLES = [replace(each, other_sources=(SOURCES[0],)) if each in COPIED else each for each in MADE]
WORD = "brug"
ONLY = ArticleFilter(sources=SOURCES[:2])


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalView]:
    copies = [(replace(each, source=SOURCES[0]), f"{each.id}-weer") for each in COPIED]
    folder = tmp_path_factory.mktemp("cross") / "store"
    with closing(LocalStore(folder, create=True)) as store:
        with store.writing("test") as writer:
            put(writer.catalog, MADE, copies=copies)
        yield open_view(store)


def places_in(article: Article) -> tuple[int, int]:
    text, title = (
        sum(token.key == WORD for token in tokens(part or ""))
        for part in (article.text, article.title)
    )
    return text, title


def scanned(facets: tuple[Facet, Facet], only: ArticleFilter) -> Counter[tuple[object, ...]]:
    """Count each cell, each total and all by reading every text."""
    found: Counter[tuple[object, ...]] = Counter()
    for article in ARTICLES:
        values = [set(values_of(article, each, only)) for each in facets]
        if only.sources and not {article.source, *article.other_sources} & set(only.sources):
            continue
        text, title = places_in(article)
        if not text + title:
            continue
        cells = [(row, column) for row in values[0] for column in values[1]]
        ends = [("rows", each) for each in values[0]] + [("columns", each) for each in values[1]]
        for at in [*cells, *ends, ("all",)]:
            found.update({(*at, "articles"): 1, (*at, "places"): text, (*at, "title"): title})
    return found


def told(table: CrossCounts) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    parts = [((row, column), count) for row, column, count in table.filled()]
    ends = [("rows", table.rows), ("columns", table.columns)]
    parts += [((name, each.value), each) for name, counts in ends for each in counts]  # type: ignore[misc]
    for at, count in [*parts, (("all",), table.total)]:
        found[(*at, "articles")] += count.articles
        found[(*at, "places")] += count.places
        found[(*at, "title")] += count.title_places
    return found


@pytest.mark.parametrize("only", [EVERYTHING, ONLY], ids=["all", "some"])
def test_every_cell_and_total_is_that_of_a_scan(view: LocalView, only: ArticleFilter) -> None:
    matches = Matches(view, f"={WORD}", only)
    for rows, columns in permutations(Facet, 2):
        table = matches.cross(rows, columns)
        assert +told(table) == +scanned((rows, columns), only), (rows, columns)
        assert table.rows == matches.by(rows)
        assert table.columns == matches.by(columns)
    assert table.total.articles > 5
    assert table.total.title_places > 0


def test_an_article_of_several_sources_counts_once_in_the_totals(view: LocalView) -> None:
    table = Matches(view, f"={WORD}").cross("year", "source")
    cells = sum(count.articles for *_, count in table.filled())
    assert cells > table.total.articles == sum(each.articles for each in table.rows)


def test_archives_add_up(view: LocalView) -> None:
    matches = Matches(view, f"={WORD}")
    parts = {name: matches.cross_tally("month", "source") for name in ("oost", "west")}
    both, alone = CrossTally.together(parts).counts(), matches.cross("month", "source")
    assert {at: 2 * count for at, count in told(alone).items()} == told(both)


def test_a_table_is_told_in_lines_and_cells(view: LocalView) -> None:
    table = Matches(view, f"={WORD}").cross("month", "source")
    lines = list(table.lines())
    assert json.loads(json.dumps(lines)) == lines
    assert list(lines[0]) == ["query", "by", "values", "articles", "places", "title_places"]
    for each in lines:
        assert table[*each["values"]].places == each["places"]
    assert table["1066-10", "Nergens"].articles == 0
    frame = table.to_frame()
    assert list(frame.columns) == ["query", "row", "column", "articles", "places", "title_places"]
    assert frame["places"].sum() == sum(each["places"] for each in lines)
    assert len(repr(table)) < 200
    head, *rows = csv.reader("".join(cross_lines(table)).removeprefix("\ufeff").splitlines())
    width = head.index("total")
    in_texts, in_titles = head[1 : width + 1], head[width + 1 :]
    assert head[0] == "month × source"
    assert in_titles == [f"title_places_{name}" for name in in_texts]
    assert table.total.title_places > 0
    assert [rows[-1][width], rows[-1][-1]] == [
        str(table.total.places),
        str(table.total.title_places),
    ]
    named = [name or None for name in in_texts[:-1]]
    for row, count in zip(rows[:-1], table.rows, strict=True):
        counted: list[CrossCount | FacetCount] = [table[count.value, name] for name in named]
        counted.append(count)
        expected = [each.places for each in counted] + [each.title_places for each in counted]
        assert (row[0], [int(each) for each in row[1:]]) == (count.value or "", expected)


def test_names_do_no_harm_in_a_spreadsheet(tmp_path: Path) -> None:
    article = make_article("a", "Een brug.", source="=HYPERLINK(1)")
    with closing(make_store(tmp_path / "store", [article])) as store:
        table = Matches(open_view(store), "brug").cross("source", "language")
    assert '"\'=HYPERLINK(1)"' in "".join(cross_lines(table))


def test_nothing_and_wrong_facets(view: LocalView) -> None:
    nothing = Matches(None, "brug").cross("month", "source")
    assert (list(nothing.filled()), nothing.total.articles) == ([], 0)
    with pytest.raises(SettingsError, match="known are day"):
        Matches(view, "brug").cross("month", "eeuw")
    with pytest.raises(SettingsError, match="name two"):
        Matches(view, "brug").cross("month", "month")
