"""Matches of several archives are those of one archive that holds all their articles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from qa.answer.records import quoted_field
from qa.archive_union import UnionAssistant
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.retrieval.match_counts import FacetCount
from qa.retrieval.match_sorting import KEYS, MatchOrder
from tests.test_archive_union import hashed, opened

WORDS = [
    *("de", "brug", "sluis", "over", "onder", "naar", "Emmen", "kanaal"),
    *("brugwachter", "vaart", "boot", "en", "het", "dorp"),
]
SOURCES = ["Bode", "bode", "Árend", "Zeeuw", "arend"]
NAMES = ("oost", "west")


def made_articles(seed: int = 7) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    days = [
        "2021-03-01",
        "2021-03-02",
        "2021-03",
        "2021",
        "2020-12-31",
    ]  # all known: each archive infers by its own
    return [
        {
            "id": f"{chance.choice('abc')}{number}",
            "title": " ".join(chance.choices(WORDS, k=3)),
            "text": f"Nummer {number}: {' '.join(chance.choices(WORDS, k=40))}.",
            "source": chance.choice(SOURCES),
            "date": chance.choice(days),
        }
        for number in range(40)
    ]


@pytest.fixture(scope="module")
def archives(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Assistant, UnionAssistant]]:
    """One archive of all articles, and two with half of them each."""
    folder, models, articles = tmp_path_factory.mktemp("joint"), hashed(), made_articles()
    with ExitStack() as stack:
        whole = stack.enter_context(opened(folder, "geheel", articles, models))
        halves = [
            stack.enter_context(opened(folder, name, articles[at::2], models))
            for at, name in enumerate(NAMES)
        ]
        yield whole, Assistant.together(halves)


def places(found: Any) -> list[tuple[object, ...]]:
    return [(x.article_id, x.field, x.start, x.end, x.left, x.match, x.right) for x in found]


@pytest.mark.parametrize("order", MatchOrder)
@pytest.mark.parametrize("context", [0, 5, 200])
def test_the_order_is_that_of_one_archive(
    archives: tuple[Assistant, UnionAssistant], order: str, context: int
) -> None:
    whole, both = archives
    for query in ("brug", "sluis OR boot", "=kanaal AND NOT dorp"):
        told = places(whole.find(query, order=order, context=context))
        found = list(both.find(query, order=order, context=context))
        assert told
        if order in (MatchOrder.LEFT, MatchOrder.RIGHT):  # those of one key may stand otherwise
            assert sorted(places(found)) == sorted(told)
            keys = list(map(KEYS[MatchOrder(order)], both.find(query, order=order)))
            assert keys == sorted(keys)
        else:
            assert places(found) == told
        assert (
            places(both.find(query, order=order, context=context).page(offset=3, limit=4))
            == (places(found)[3:7])
        )
        for match in found:
            article = both.archive.article(match.article_id, match.archive)
            assert article
            assert quoted_field(article, match.field)[match.start : match.end] == match.match


def test_counts_are_those_of_one_archive_and_of_each(
    archives: tuple[Assistant, UnionAssistant],
) -> None:
    whole, both = archives
    told, found = whole.find("brug").counts, both.find("brug").counts
    same = ("query", "articles", "places", "clusters", "title_places")
    assert [getattr(found, name) for name in same] == [getattr(told, name) for name in same]
    assert [each.archive for each in found.archives] == list(NAMES)
    for name in ("articles", "places", "title_places"):
        assert sum(getattr(each, name) for each in found.archives) == getattr(told, name)
    assert "archives" not in told.to_dict()
    assert [each["archive"] for each in found.to_dict()["archives"]] == list(NAMES)


@pytest.mark.parametrize("by", ["month", "source", "weekday"])
@pytest.mark.parametrize("per", [None, "10000-words"])
def test_counts_by_a_facet_are_those_of_one_archive(
    archives: tuple[Assistant, UnionAssistant], by: str, per: str | None
) -> None:
    whole, both = archives

    def bare(count: FacetCount) -> dict[str, Any]:
        return {name: value for name, value in count.to_dict().items() if name != "archives"}

    told = whole.compare(["brug", "sluis"], by=by, per=per)
    found = both.compare(["brug", "sluis"], by=by, per=per)
    assert [bare(each) for each in found] == [bare(each) for each in told]
    for each in found:
        assert sum(part.places for part in each.archives) == each.places
    for name, own in found.of_archives():
        assert {each.archive for each in own} == {name}
    assert not list(told.of_archives())
    assert [bare(each) for each in both.find("brug").by(by, per=per)] == [
        bare(each) for each in whole.find("brug").by(by, per=per)
    ]


def test_an_article_of_two_archives_is_found_in_both_and_counts_as_one_cluster(
    tmp_path: Path,
) -> None:
    same = {"id": "brug", "text": "De brug is dicht.", "date": "2021-03-01"}
    models = hashed()
    with ExitStack() as stack:
        one, other, empty = (
            stack.enter_context(opened(tmp_path, name, records, models))
            for name, records in (("oost", [same]), ("west", [{**same, "id": "b"}]), ("leeg", []))
        )
        found = Assistant.together([one, other, empty]).find("brug")
        assert [(each.archive, each.article_id) for each in found] == [
            ("west", "b"),
            ("oost", "brug"),
        ]
        assert (found.counts.articles, found.counts.clusters) == (2, 1)
        assert [each.articles for each in found.counts.archives] == [1, 1, 0]


@pytest.mark.parametrize("order", [MatchOrder.DATE, MatchOrder.NEWEST])
def test_what_has_no_date_comes_last(tmp_path: Path, order: str) -> None:
    models = hashed()
    dated = {"id": "a", "text": "De brug is open.", "date": "2021-03-01"}
    with (
        opened(tmp_path, "oost", [{"id": "b", "text": "De brug is dicht."}], models) as one,
        opened(tmp_path, "west", [dated], models) as other,
    ):
        found = list(Assistant.together([one, other]).find("brug", order=order))
        assert [each.archive for each in found] == ["west", "oost"]
        assert found[1].published.first is None


def test_what_means_nothing_over_several_archives_is_refused(
    archives: tuple[Assistant, UnionAssistant],
) -> None:
    _, both = archives
    with pytest.raises(SettingsError, match="one archive"):
        both.matches(["brug"], both.ask("Waar is de brug?").only, after=1)
    with pytest.raises(SettingsError, match="context is 1001"):
        both.find("brug", context=1001)
    with pytest.raises(SettingsError, match="no order"):
        both.find("brug", order="zomaar")
    for page in ({"offset": -1}, {"limit": 0}):
        with pytest.raises(SettingsError, match="must be a whole number"):
            both.find("brug").page(**page)
