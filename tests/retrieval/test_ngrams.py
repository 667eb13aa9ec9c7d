"""N-grams: every count held against a plain scan, and against the search for its words."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from index_store.local_view import LocalView
from index_store.records import EVERYTHING, ArticleFilter
from qa.errors import SettingsError
from qa.retrieval.matches import Matches
from qa.retrieval.ngrams import Ngrams
from qa.retrieval.sorted_runs import SortingError
from tests.retrieval.query_oracle import SOURCES, made_article, tokens
from tests.store_building import make_article, make_store, open_view

ARTICLES = [made_article(number) for number in range(80)]
ONLY = ArticleFilter(sources=SOURCES[:2])


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalView]:
    with closing(make_store(tmp_path_factory.mktemp("ngrams") / "store", ARTICLES)) as store:
        yield open_view(store)


def scanned(wanted: set[str], longest: int) -> tuple[Counter[str], Counter[str]]:
    """Return how often each row of words with a wanted one stands in the texts, and in how many."""
    times: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    for article in ARTICLES:
        if article.source not in SOURCES[:2]:
            continue
        words = tokens(article.text)
        rows: list[str] = []
        for words_of in range(2, longest + 1):
            for first in range(len(words) - words_of + 1):
                row = words[first : first + words_of]
                if wanted & {each.key for each in row}:
                    gaps = [article.text[one.end : two.start] for one, two in pairwise(row)]
                    joints = [" " if re.fullmatch(r"[\s-]*", gap) else gap for gap in gaps]
                    if all(joint in (" ", "’", "'", ".", "_") for joint in joints):
                        keys = [
                            f"{joint}{each.key}"
                            for joint, each in zip(["", *joints], row, strict=True)
                        ]
                        rows.append("".join(keys).replace("’", "'"))
        times.update(rows)
        articles.update(set(rows))
    return times, articles


@pytest.mark.parametrize("kept", [10, 200_000])
@pytest.mark.parametrize("longest", [2, 3, 5])
@pytest.mark.parametrize(
    ("query", "wanted"), [("=het", {"het"}), ("=grens OR =top OR =000", {"grens", "top", "000"})]
)
def test_counts_are_those_of_a_scan(
    view: LocalView,
    query: str,
    wanted: set[str],
    longest: int,
    kept: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qa.retrieval.ngrams._MOST_KEPT", kept)  # beyond it files are used
    found = Matches(view, query, ONLY).ngrams(longest=longest, minimum=1, limit=100_000)
    times, articles = scanned(wanted, longest)
    assert {each.text: each.count for each in found} == times
    assert {each.text: each.articles for each in found} == articles
    order = [(-each.count, -each.words, each.text) for each in found]
    assert order == sorted(order)
    assert len(order) > 30


def test_each_is_a_query_that_finds_it(view: LocalView) -> None:
    found = Matches(view, "brug").ngrams(minimum=2)
    assert len(list(found)) > 20
    for each in found:
        counts = Matches(view, f'"{each.text}"').counts
        twice = len(set(each.text.split())) < each.words  # of "brug brug brug" the first counts
        assert counts.places == each.count or (twice and counts.places < each.count), each
        assert counts.articles >= each.articles  # titles count there too


def test_a_match_of_several_words_stands_whole_in_each(tmp_path: Path) -> None:
    text = "Bij de nieuwe brug over het water. De nieuwe brug, over het hek. Bij de brug."
    view = open_view(
        make_store(tmp_path / "store", [make_article("a", text, title="De nieuwe brug")])
    )
    found = Matches(view, '"nieuwe brug"').ngrams(minimum=1, longest=3)
    assert [(each.text, each.count) for each in found] == [
        ("de nieuwe brug", 2), ("nieuwe brug", 2), ("nieuwe brug over", 1),
    ]  # fmt: skip
    assert (found.places, found.articles) == (2, 1)
    near = Matches(view, '"bij brug"~2').ngrams(minimum=1, longest=4)
    assert [each.text for each in near] == ["bij de nieuwe brug", "bij de brug"]


def test_near_copies_count_once(tmp_path: Path) -> None:
    chance = random.Random(4)
    words = [f"woord{chance.randrange(400)}" for _ in range(120)]
    text = " ".join([*words, "de brug knelt", *words[:40]])
    copy = text.replace(words[3], "anders", 1)
    articles = [make_article("a", text), make_article("b", copy), make_article("c", "De brug.")]
    with closing(make_store(tmp_path / "store", articles)) as store:
        found = Matches(open_view(store), "=brug").ngrams(minimum=2)
    assert [(each.text, each.count, each.articles) for each in found] == [("de brug", 2, 2)]


def test_a_folder_that_cannot_be_written_is_told(
    view: LocalView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.retrieval.ngrams._MOST_KEPT", 10)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(SortingError, match="TMPDIR"):
        Matches(view, "=het").ngrams()


def test_limits_and_json(view: LocalView) -> None:
    every = Matches(view, "=brug").ngrams(minimum=1, limit=1_000)
    assert [each for each in every if each.count >= 3] == list(
        Matches(view, "=brug").ngrams(minimum=3, limit=1_000)
    )
    assert list(every)[:4] == list(Matches(view, "=brug").ngrams(minimum=1, limit=4))
    assert {each.words for each in Matches(view, "=brug").ngrams(shortest=4, minimum=1)} == {4, 5}
    told = every.to_dict()
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"shortest": 1}, "shortest is 1; give a whole number, 2 to 10"),
        ({"shortest": 4, "longest": 3}, "longest is 3; give a whole number, 4 to 10"),
        ({"longest": 11}, "2 to 10"),
        ({"minimum": 0}, "minimum is 0; give a whole number, 1 or more"),
        ({"limit": 0}, "limit"),
    ],
)
def test_values_that_are_not_allowed_are_told(
    view: LocalView, values: dict[str, int], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        Matches(view, "brug").ngrams(**values)


def test_nothing_found_has_no_ngrams(view: LocalView) -> None:
    for empty in (Matches(None, "brug", EVERYTHING), Matches(view, "=nergens")):
        found = empty.ngrams()
        assert isinstance(found, Ngrams)
        assert (found.places, found.articles, list(found)) == (0, 0, [])
