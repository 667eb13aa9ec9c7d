"""Counts of several queries and their rates, held against a scan of every article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index_store.catalog.facets import Facet, values_of
from index_store.local_view import LocalView
from index_store.records import ArticleFilter, DateRange
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.retrieval.match_counts import count_series
from qa.retrieval.matches import Matches
from tests.conftest import open_hashed
from tests.retrieval.query_oracle import SOURCES, made_article, tokens
from tests.store_building import make_article, make_store, open_view

ARTICLES = [made_article(number) for number in range(60)]
ONLY = ArticleFilter(
    DateRange(date(2021, 1, 1), date(2022, 9, 30)), sources=SOURCES[:2], include_undated=True
)
SELECTED = [
    each
    for each in ARTICLES
    if each.source in SOURCES[:2]
    and (each.published.first is None or each.published.first <= date(2022, 9, 30))
]
QUERIES = ["brug", "=het", "stikstof*"]


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalView]:
    with closing(make_store(tmp_path_factory.mktemp("series") / "store", ARTICLES)) as store:
        yield open_view(store)


def words_of(query: str, text: str) -> int:
    """Return how many words of a text a query finds, by the plainest rule."""
    keys = [token.key for token in tokens(text)]
    if query == "brug":
        return sum(key in ("brug", "bruggen", "ophaalbrug") for key in keys)
    if query == "=het":
        return keys.count("het")
    return sum(key.startswith("stikstof") for key in keys)


@pytest.mark.parametrize("facet", list(Facet))
def test_rates_are_those_of_a_scan(view: LocalView, facet: Facet) -> None:
    tallies = [Matches(view, query, ONLY).tally(facet, per="10000-words") for query in QUERIES]
    series = count_series(tallies, "10000-words")
    assert series.queries == tuple(QUERIES)
    expected_values = {value for each in SELECTED for value in values_of(each, facet, ONLY)}
    assert {row[0].value for row in series.rows} <= expected_values
    if facet in (Facet.DAY, Facet.MONTH, Facet.YEAR, Facet.WEEKDAY, Facet.SOURCE, Facet.LANGUAGE):
        assert len(series.rows) == len(expected_values)
    for row in series.rows:
        texts = [each.text for each in SELECTED if row[0].value in values_of(each, facet, ONLY)]
        words = sum(len(tokens(text)) for text in texts)
        for query, count in zip(QUERIES, row, strict=True):
            places = sum(words_of(query, text) for text in texts)
            assert (count.query, count.by, count.value) == (query, facet, row[0].value)
            assert (count.places, count.of_words, count.of_articles) == (places, words, len(texts))
            assert count.rate("10000-words") == pytest.approx(places / words * 10_000, abs=1e-5)
            assert count.rate("article") == pytest.approx(places / len(texts), abs=1e-5)
            assert count.rate(None) == places


def test_a_series_is_the_counts_of_each_query(view: LocalView) -> None:
    series = count_series([Matches(view, query).tally("month") for query in QUERIES])
    for at, query in enumerate(QUERIES):
        alone = [row[at] for row in series.rows]
        assert alone == list(Matches(view, query).by("month"))
        assert all(each.of_words is None for each in alone)
        assert "of_words" not in alone[0].to_dict()
    names = count_series([Matches(view, query).tally("source") for query in QUERIES])
    totals = [sum(each.places for each in row) for row in names.rows]
    assert totals == sorted(totals, reverse=True)


def test_a_name_that_one_query_lacks_counts_as_nothing(tmp_path: Path) -> None:
    articles = [
        make_article("a", "Een brug.", source="Kade"),
        make_article("b", "Een sluis en een sluis.", source="Uur"),
    ]
    with closing(make_store(tmp_path / "store", articles)) as store:
        tallies = [Matches(open_view(store), each).tally("source") for each in ("brug", "sluis")]
    rows = [
        (row[0].value, *((each.places, each.of_articles) for each in row))
        for row in count_series(tallies).rows
    ]
    assert rows == [("Uur", (0, 1), (2, 1)), ("Kade", (1, 1), (0, 1))]


def test_comparing_in_python(tmp_path: Path) -> None:
    make_store(tmp_path / "store", ARTICLES).close()
    with Assistant.open(tmp_path / "store") as assistant:
        series = assistant.compare(QUERIES, by="year", per="article", sources=[SOURCES[0]])
        told = series.to_dict()
        assert json.loads(json.dumps(told)) == told
        assert (told["by"], told["per"], told["queries"]) == ("year", "article", QUERIES)
        assert len(told["counts"]) == len(series.rows) * 3 == len(list(series))
        wrongs: list[Any] = [[], "brug"]
        for wrong in wrongs:
            with pytest.raises(SettingsError, match="list of queries"):
                assistant.compare(wrong)
        with pytest.raises(SettingsError, match="known are article, 10000-words"):
            assistant.compare(["brug"], per="kop")
        with pytest.raises(SettingsError, match="known are day"):
            assistant.compare(["brug"], by="eeuw")


def test_the_selection_is_counted_once_for_all_queries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    for name in ("count_by", "words_by"):
        count = getattr(LocalView, name)

        def noted(view: LocalView, *given: Any, name: str = name, count: Any = count) -> Any:
            counted.append(name)
            return count(view, *given)

        monkeypatch.setattr(LocalView, name, noted)
    make_store(tmp_path / "store", ARTICLES).close()
    with Assistant.open(tmp_path / "store") as assistant:
        series = assistant.compare(QUERIES, by="month", per="10000-words")
        assert sorted(counted) == ["count_by", "words_by"]
        apart = [assistant.find(query).by("month", per="10000-words") for query in QUERIES]
    assert list(series.rows) == list(zip(*apart, strict=True))


def test_an_empty_archive_has_no_counts(tmp_path: Path) -> None:
    with open_hashed(tmp_path / "store") as assistant:
        assert assistant.compare(["brug"], per="10000-words").rows == ()
