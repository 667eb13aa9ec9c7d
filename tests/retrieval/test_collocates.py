"""Collocates: every count held against a plain scan, every measure against SciPy or its formula."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scipy.stats import chi2_contingency

from index_store.analysis.language import FUNCTION_WORDS
from index_store.analysis.written_words import word_stem
from index_store.local_view import LocalView
from index_store.records import EVERYTHING, Article, ArticleFilter
from qa.errors import SettingsError
from qa.retrieval.collocates import Collocates, CollocateSettings, CollocateTally
from qa.retrieval.matches import Matches
from qa.retrieval.query import ArticleWords, parse_query, places
from tests.retrieval.query_oracle import SOURCES, made_article, tokens
from tests.store_building import make_article, make_store, open_view

ARTICLES = [made_article(number) for number in range(80)]
ONLY = ArticleFilter(sources=SOURCES[:2])


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalView]:
    with closing(make_store(tmp_path_factory.mktemp("near") / "store", ARTICLES)) as store:
        yield open_view(store)


def view_of(path: Path, *texts: str) -> LocalView:
    articles = [make_article(f"a{number}", text) for number, text in enumerate(texts)]
    return open_view(make_store(path / "store", articles))


class Scan:
    """Counts by reading every text from end to end, one word after another."""

    def __init__(self, articles: list[Article], wanted: set[str], window: int) -> None:
        self.near: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        self.places = 0
        for article in articles:
            keys = [token.key for token in tokens(article.text)]
            matches = [at for at, key in enumerate(keys) if key in wanted]
            self.places += len(matches)
            for at, key in enumerate(keys):
                if at not in matches:
                    stem = word_stem(key, "nl")
                    self.total[stem] += 1
                    self.near[stem] += any(abs(at - match) <= window for match in matches)


@pytest.mark.parametrize("window", [1, 3, 100])
@pytest.mark.parametrize("measure", ["log-likelihood", "log-dice"])
@pytest.mark.parametrize(
    ("query", "wanted"), [("=het", {"het"}), ("=grens OR =top", {"grens", "top"})]
)
def test_counts_are_those_of_a_scan(
    view: LocalView, query: str, wanted: set[str], measure: str, window: int
) -> None:
    selected = [each for each in ARTICLES if each.source in SOURCES[:2]]
    scan = Scan(selected, wanted, window)
    found = Matches(view, query, ONLY).collocates(
        window=window, measure=measure, minimum=1, limit=1_000, function_words=True
    )
    near, words = sum(scan.near.values()), sum(scan.total.values())
    assert (found.places, found.window_words, found.words) == (scan.places, near, words)
    assert found.articles == sum(
        any(token.key in wanted for token in tokens(each.text)) for each in selected
    )
    for each in found:
        (stem,) = {word_stem(form, "nl") for form in each.forms}
        count = scan.near.pop(stem)
        assert (each.count, each.total) == (count, scan.total[stem])
        table = [
            [count, near - count],
            [each.total - count, words - near - each.total + count],
        ]
        if all(map(sum, table)):
            expected = chi2_contingency(table, correction=False, lambda_="log-likelihood")
            assert each.log_likelihood == pytest.approx(expected.statistic, abs=1e-4)
        assert each.expected == pytest.approx(near * each.total / words, abs=1e-5)
        dice = 14 + math.log2(2 * count / (each.total + scan.places))
        assert each.log_dice == pytest.approx(dice, abs=1e-5)
    scores = [each.score(measure) for each in found]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 3 or window == 100
    # What is left out stands near the matches no more often than chance would have it.
    for stem, count in scan.near.items():
        assert count * words <= near * scan.total[stem]


def test_forms_count_together(tmp_path: Path) -> None:
    one, two, three = (
        " ".join(f"woord{number}" for number in range(at, at + 60)) for at in (0, 60, 120)
    )
    view = view_of(
        tmp_path, f"De sluis naast bruggen. {one}", f"Bij de Brug een sluis. {two}",
        f"Twee bruggen en een sluis. {three} Een brug. De ophaalbrug bij de sluis. Bruggen!",
    )  # fmt: skip
    found = {each.word: each for each in Matches(view, "=sluis").collocates(minimum=2)}
    assert found["bruggen"].forms == ("bruggen", "brug")
    assert (found["bruggen"].count, found["bruggen"].total) == (5, 5)
    assert not {"de", "een", "ophaalbrug"} & found.keys()
    assert "naast" not in found
    with_all = Matches(view, "=sluis").collocates(minimum=2, function_words=True)
    assert with_all.words == Matches(view, "=sluis").collocates().words


def test_function_words_are_left_out_of_the_list_alone(view: LocalView) -> None:
    every = Matches(view, "=brug").collocates(minimum=1, limit=1_000, function_words=True)
    fewer = Matches(view, "=brug").collocates(minimum=1, limit=1_000)
    assert (every.window_words, every.words) == (fewer.window_words, fewer.words)
    stop = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
    kept = [each for each in every if not stop.intersection(each.forms)]
    assert [each.word for each in fewer] == [each.word for each in kept]


def test_a_place_of_several_words_is_one_match(tmp_path: Path) -> None:
    view = view_of(tmp_path, "a b c nieuwe brug d e f nieuwe brug g")
    found = Matches(view, '"nieuwe brug"').collocates(window=2, minimum=1)
    assert (found.places, found.window_words, found.words) == (2, 6, 7)
    near = Matches(view, '"b d"~5').collocates(window=1, minimum=1)
    assert (near.places, near.window_words, near.words) == (1, 2, 6)


def test_titles_are_no_part_of_it(tmp_path: Path) -> None:
    articles = [make_article("a", "Een sluis hier.", title="De brug hier")]
    with closing(make_store(tmp_path / "store", articles)) as store:
        found = Matches(open_view(store), "brug").collocates(minimum=1)
    assert (found.places, found.articles, found.collocates) == (0, 0, ())


def test_near_copies_count_once(tmp_path: Path) -> None:
    chance = random.Random(4)
    words = [f"woord{chance.randrange(400)}" for _ in range(120)]
    text = " ".join([*words, "de brug knelt vreselijk", *words[:40]])
    copy = text.replace(words[3], "anders", 1)
    other = "een dag zonder nieuws " * 20 + "de brug knelt vreselijk"
    with_copy = Matches(view_of(tmp_path / "a", text, copy, other), "=brug").collocates(minimum=1)
    without = Matches(view_of(tmp_path / "b", text, other), "=brug").collocates(minimum=1)
    assert with_copy == without
    assert without.places == 2


def test_only_what_stands_near_often_enough_is_named(view: LocalView) -> None:
    every = Matches(view, "=brug").collocates(minimum=1, limit=1_000)
    assert [each for each in every if each.count >= 5] == list(
        Matches(view, "=brug").collocates(minimum=5, limit=1_000)
    )
    assert list(every)[:3] == list(Matches(view, "=brug").collocates(minimum=1, limit=3))
    told = every.to_dict()
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"window": 0}, "window is 0"),
        ({"window": 101}, "1 to 100"),
        ({"minimum": 0}, "1 or more"),
        ({"minimum": True}, "1 or more"),
        ({"limit": 0}, "limit"),
        ({"measure": "t-toets"}, "known are log-likelihood, log-dice"),
    ],
)
def test_values_that_are_not_allowed_are_told(
    view: LocalView, values: dict[str, int], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        Matches(view, "brug").collocates(**values)  # type: ignore[arg-type]


def test_nothing_found_has_no_collocates(view: LocalView) -> None:
    for empty in (Matches(None, "brug", EVERYTHING), Matches(view, "=nergens")):
        found = empty.collocates()
        assert isinstance(found, Collocates)
        assert (found.places, found.window_words, list(found)) == (0, 0, [])


def test_texts_removed_between_the_readings_are_no_error() -> None:
    """Articles may be removed while all texts are read, so some words stand nowhere any more."""
    kept = make_article(
        "kept", "De sluis bij de brug is dicht. " * 3 + "Elders is alles open. " * 9
    )
    gone = make_article("gone", "De brug knelt vreselijk. " * 40)
    tally = CollocateTally(CollocateSettings(window=3, minimum=1))
    for article in (kept, gone):
        words = ArticleWords(article)
        tally.add_matches(article, places(parse_query("=brug"), words) or ())
    tally.add_text(kept)
    assert [each.word for each in tally.collocates("=brug")] == []
    tally.add_text(make_article("new", "Een ander verhaal, zonder dat. " * 80))
    assert {each.word for each in tally.collocates("=brug")} == {"sluis", "dicht"}
