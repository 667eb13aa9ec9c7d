"""Every match of a query, held against a scan of every article."""

from __future__ import annotations

import random
import re
import resource
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from index_store.analysis.folding import fold
from index_store.catalog.facets import Facet, values_of
from index_store.indexes import lexical
from index_store.local_view import LocalView
from index_store.records import EVERYTHING, ArticleFilter, DateRange
from qa.errors import SettingsError
from qa.retrieval.match import Match
from qa.retrieval.match_sorting import sort_in_runs
from qa.retrieval.matches import Matches
from qa.retrieval.query import ArticleWords, parse_query, places
from qa.retrieval.sorted_runs import SortingError
from tests.retrieval.query_oracle import SOURCES, made_article, random_query, scan, tokens
from tests.store_building import make_article, make_store, open_view

ARTICLES = [made_article(number) for number in range(70)]
QUERIES = 150


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalView]:
    with closing(make_store(tmp_path_factory.mktemp("find") / "store", ARTICLES)) as store:
        yield open_view(store)


def view_of(path: Path, *texts: str) -> LocalView:
    articles = [make_article(f"a{number}", text) for number, text in enumerate(texts)]
    return open_view(make_store(path / "store", articles))


def found(view: LocalView, query: str) -> list[str]:
    return [match.match for match in Matches(view, query)]


def test_places_and_counts_are_those_of_a_scan(view: LocalView) -> None:
    chance = random.Random(15)
    places_found, without = 0, 0
    by_id = {article.id: article for article in ARTICLES}
    for _ in range(QUERIES):
        query, rule = random_query(chance)
        expected = {each.id: scan(rule, each) for each in ARTICLES}
        expected_places = {
            (name, *span) for name, spans in expected.items() for span in spans or ()
        }
        matches = Matches(view, query)
        places = [(each.article_id, each.field, each.start, each.end) for each in matches]
        assert set(places) == expected_places, query
        assert len(places) == len(expected_places)
        counts = matches.counts
        assert counts.articles == sum(spans is not None for spans in expected.values()), query
        assert counts.places == sum(place[1] == "text" for place in places)
        assert counts.title_places == len(places) - counts.places
        for each in matches.page(limit=5):
            quoted = getattr(by_id[each.article_id], each.field)
            assert quoted[each.start : each.end] == each.match
            assert quoted[: each.start].endswith(each.left)
            assert quoted[each.end :].startswith(each.right)
        places_found += len(places)
        without += not counts.articles
    assert places_found > 20 * QUERIES
    assert without < QUERIES / 3


def test_words_of_very_many_chunks_are_found_alike(
    view: LocalView, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [random_query(random.Random(number)) for number in range(30)]
    few = [list(Matches(view, query)) for query, _ in queries]
    monkeypatch.setattr(lexical, "COMMON", 2)
    assert len(view.with_word("de")) == len(ARTICLES)
    assert [list(Matches(view, query)) for query, _ in queries] == few


def test_a_selection_takes_part_as_in_asking(view: LocalView) -> None:
    only = ArticleFilter(DateRange(date(2022, 3, 1), date(2022, 8, 31)), sources=SOURCES[:2])
    ids = [each.article_id for each in Matches(view, "=de OR =brug", only)]
    expected = [
        each.id
        for each in ARTICLES
        if each.source in SOURCES[:2]
        and each.published.first
        and date(2022, 3, 1) <= each.published.first <= date(2022, 8, 31)
    ]
    assert set(ids) <= set(expected)
    assert Counter(ids) == Counter(
        each.article_id for each in Matches(view, "=de OR =brug") if each.article_id in expected
    )
    assert len(set(ids)) > 5


def test_several_facets_are_counted_in_one_reading(view: LocalView) -> None:
    matches = Matches(view, "brug")
    assert matches.by_each(*Facet) == [Matches(view, "brug").by(each) for each in Facet]
    assert matches.counts == Matches(view, "brug").counts


@pytest.mark.parametrize("facet", list(Facet))
def test_counts_by_a_facet_are_those_of_a_scan(view: LocalView, facet: Facet) -> None:
    only = ArticleFilter(sources=SOURCES[1:])
    counts = {each.value: each for each in Matches(view, "brug", only).by(facet)}
    selected = [each for each in ARTICLES if each.source in SOURCES[1:]]
    found_in = Counter(
        each.article_id for each in Matches(view, "brug", only) if each.field == "text"
    )
    fitting = {each.article_id for each in Matches(view, "brug", only)}
    for value in {value for each in selected for value in values_of(each, facet, only)}:
        of_value = [each for each in selected if value in values_of(each, facet, only)]
        articles = [each for each in of_value if each.id in fitting]
        if not articles and value not in counts:
            assert facet in (Facet.AUTHOR, Facet.SECTION)
            continue
        count = counts.pop(value)
        assert (count.articles, count.of_articles) == (len(articles), len(of_value)), value
        assert count.places == sum(found_in[each.id] for each in articles)
        assert count.share == pytest.approx(len(articles) / len(of_value), abs=1e-6)
        assert count.per_article == pytest.approx(count.places / len(of_value), abs=1e-6)
    assert counts == {}


def test_times_come_in_order_and_names_by_their_places(view: LocalView) -> None:
    months = [each.value for each in Matches(view, "brug").by("month")]
    assert months[:-1] == sorted(filter(None, months))
    assert months[-1] is None
    places = [each.places for each in Matches(view, "brug").by("source")]
    assert places == sorted(places, reverse=True)
    with pytest.raises(SettingsError, match="known are day, month"):
        Matches(view, "brug").by("eeuw")


def test_orders_and_pages(view: LocalView) -> None:
    every = list(Matches(view, "de"))
    days = [each.published.first for each in every if each.published.first]
    assert days == sorted(days)
    for order in ("newest", "article", "source", "left", "right"):
        ordered = list(Matches(view, "de", order=order))
        assert sorted(ordered, key=repr) == sorted(every, key=repr)
    rights = [fold(each.right) for each in Matches(view, "de", order="right")]
    words = [[word.key for word in tokens(right)] for right in rights]
    assert words == sorted(words)
    assert len({word[0] for word in words if word}) > 10
    ids = [each.article_id for each in Matches(view, "de", order="article")]
    assert ids == sorted(ids)
    matches = Matches(view, "de")
    pages = [matches.page(offset=at, limit=7) for at in range(0, len(every) + 7, 7)]
    assert [each for page in pages for each in page] == every
    assert pages[-1] == []
    for wrong in ({"offset": -1}, {"limit": 0}):
        with pytest.raises(SettingsError):
            matches.page(**wrong)
    for wrong_order in ("dag", ""):
        with pytest.raises(SettingsError, match="known are date"):
            Matches(view, "de", order=wrong_order)
    with pytest.raises(SettingsError, match="context"):
        Matches(view, "de", context=-1)


@pytest.mark.parametrize("run", [1, 3, 10_000])
def test_more_matches_than_memory_holds_are_sorted_alike(view: LocalView, run: int) -> None:
    every = list(Matches(view, "de OR het"))

    def key(match: Match) -> str:
        return match.left[-2:]

    assert list(sort_in_runs(iter(every), key, run=run)) == sorted(every, key=key)


def test_few_files_are_open_however_many_matches_are_sorted(view: LocalView) -> None:
    every = list(Matches(view, "de OR het OR brug*"))
    assert len(every) > 100
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 80, before[1]))
    try:
        found = list(sort_in_runs(iter(every), lambda match: match.left, run=1))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert found == sorted(every, key=lambda match: match.left)


@pytest.mark.parametrize("order", ["left", "right"])
def test_a_page_is_sorted_without_files(
    view: LocalView, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = Matches(view, "de OR het", order=order)
    every = list(matches)
    monkeypatch.setattr("qa.retrieval.matches.sort_in_runs", partial(sort_in_runs, run=3))
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    for offset in (0, 7, len(every) - 4, len(every)):
        assert matches.page(offset=offset, limit=10) == every[offset : offset + 10]
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr("qa.retrieval.matches.MOST_IN_MEMORY", 20)  # a page as deep as that
    assert matches.page(offset=20, limit=10) == every[20:30]


@pytest.mark.parametrize("order", ["left", "right"])
def test_the_context_that_is_shown_does_not_change_the_order(view: LocalView, order: str) -> None:
    usual = [(each.article_id, each.start) for each in Matches(view, "brug", order=order)]
    assert len(usual) > 50
    for context in (0, 3, 1000):
        matches = Matches(view, "brug", order=order, context=context)
        assert [(each.article_id, each.start) for each in matches] == usual
        assert all(len(each.left) <= context for each in matches)
        assert all(len(each.right) <= context for each in matches)
        assert matches.page(limit=5) == list(matches)[:5]


def test_a_full_disk_is_told_by_the_sorting(
    view: LocalView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    every = list(Matches(view, "de OR het"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(SortingError, match=f"in {re.escape(str(tmp_path))}"):
            list(sort_in_runs(iter(every), lambda match: match.left, run=100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_sorting_by_the_words_before_begins_with_the_nearest(tmp_path: Path) -> None:
    view = view_of(tmp_path, "Aan zee de brug. Zo de brug. Bij een brug.")
    lefts = [each.left for each in Matches(view, "=brug", order="left", context=8)]
    assert [left.split()[-2:] for left in lefts] == [["zee", "de"], ["Zo", "de"], ["Bij", "een"]]


def test_matches_are_found_while_they_are_read(view: LocalView) -> None:
    matches = Matches(view, "de OR het")
    assert next(iter(matches)).article_id == matches.page(limit=1)[0].article_id
    assert matches.counts == matches.counts


def test_near_copies_are_counted_apart(tmp_path: Path) -> None:
    line = "De brug over de rivier is sinds gisteren dicht voor al het verkeer uit de stad"
    text = ".\n".join(f"{line} {number}" for number in range(9))
    view = view_of(tmp_path, text, text.replace("gisteren", "vandaag", 1), "Een brug.")
    counts = Matches(view, "=brug").counts
    assert counts.to_dict() == {
        "query": "=brug", "articles": 3, "places": 19, "clusters": 2, "title_places": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("veiligheids*", ["Veiligheidsraad", "veiligheidseisen"]),
        ("eisen", ["eis", "veiligheidseisen"]),
        ("=eisen", []),
        ("=oekraine", []),
        ("=OEKRAÏNE", ["Oekraïne"]),
        ("oekraine", ["Oekraïne"]),
        ('"in de oekraïne"', ["In  de\nOekraïne"]),
        ('"noord holland"', ["Noord-Holland"]),
        ("Noord-Holland", ["Noord-Holland"]),
        ("holland", ["Holland"]),
        ('"holland de"', []),  # a full stop stands between them
        ('"holland. de"', ["Holland. De"]),
        ('"een eis"~0', ["een eis"]),
        ('"eis een"~0', ["een eis"]),
        ('"holland eis"~3', ["Holland. De Veiligheidsraad stelde een eis"][:0]),
        ('"holland eis"~4', ["Holland. De Veiligheidsraad stelde een eis"]),
        ("burgemeester", ["burge-\nmeester"]),
        ("=meester", []),
        ("auto's", ["auto", "auto"]),
        ("een OR een*", ["een"]),
        ('"een eis" OR =eis OR =een', ["een eis"]),
    ],
)
def test_the_rules_of_the_language(tmp_path: Path, query: str, expected: list[str]) -> None:
    text = (
        "In  de\nOekraïne en Noord-Holland. De Veiligheidsraad stelde een eis.\n"
        "De burge-\nmeester had veiligheidseisen voor auto’s, ook zijn auto."
    )
    assert found(view_of(tmp_path, text), query) == expected


def test_a_search_leaves_nothing_behind_in_memory() -> None:
    texts = [
        make_article(f"a{at}", " ".join(f"w{number}" for number in range(at, at + 2_000)))
        for at in (0, 2_000, 4_000)
    ]
    query = parse_query(" OR ".join(f"brug{at} OR =brug{at} OR brug{at}*" for at in range(60)))
    parsed = parse_query("brug")
    for article in texts:
        places(parsed, ArticleWords(article))  # stems are kept, for all searches together
    tracemalloc.start()
    try:
        for article in texts:
            places(query, ArticleWords(article))
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()


def test_an_empty_archive_has_no_matches() -> None:
    matches = Matches(None, "brug", EVERYTHING)
    assert (list(matches), matches.page(), matches.by("month")) == ([], [], ())
    assert matches.counts.articles == matches.counts.clusters == 0


def test_words_longer_than_the_index_keeps_are_found(tmp_path: Path) -> None:
    view = view_of(tmp_path, f"Zie {'a' * 300} en {'a' * 299}b.", "a" * 250)
    assert found(view, f"={'a' * 300}") == ["a" * 300]
    assert found(view, f"{'a' * 260}*") == ["a" * 300, "a" * 299 + "b"]
    assert found(view, f"{'a' * 20}*") == ["a" * 300, "a" * 299 + "b", "a" * 250]
