"""Counts that are remembered are those of a scan, in every state of an archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index_store.catalog.facets import Facet
from index_store.catalog.reading import Catalog
from index_store.local import LocalStore
from index_store.records import Article, ArticleFilter, Precision, Provenance, PublicationDate
from qa.retrieval.fits import MEMORY, FitMaker, FitMemory
from qa.retrieval.match_counts import FacetCounts
from qa.retrieval.matches import Matches
from tests.retrieval.query_oracle import SOURCES, made_article
from tests.store_building import make_article, make_store, open_view, put

ARTICLES = [made_article(number) for number in range(40)]
QUERY = "brug OR =de"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with closing(make_store(tmp_path / "store", ARTICLES)) as store:
        yield store


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the articles that were read, in order."""
    numbers: list[int] = []
    whole = Catalog.articles_by_number

    def noting(catalog: Catalog, asked: list[int], **how: object) -> dict[int, Article]:
        numbers.extend(asked)
        return whole(catalog, asked, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Catalog, "articles_by_number", noting)
    return numbers


def counted(store: LocalStore, *only: ArticleFilter) -> list[FacetCounts]:
    return Matches(open_view(store), QUERY, *only).by_each(*Facet)


def by_month(store: LocalStore, *only: ArticleFilter) -> dict[str | None, int]:
    return {each.value: each.places for each in Matches(open_view(store), QUERY, *only).by("month")}


def test_another_count_of_a_query_reads_no_article(store: LocalStore, read: list[int]) -> None:
    MEMORY.forget()
    first = counted(store)
    assert len(read) == len(set(read)) > 20
    read.clear()
    matches = Matches(open_view(store), QUERY)
    table = matches.cross("month", "source")
    assert counted(store) == first
    assert matches.counts.places == table.total.places == sum(each.places for each in first[0])
    only = ArticleFilter(sources=SOURCES[:1])
    part = counted(store, only)
    assert read == []
    MEMORY.forget()
    assert (counted(store, only), counted(store)) == (part, first)
    assert len(read) == len(set(read)) > 20  # what one selection has read, another need not


def test_what_has_changed_is_counted_anew(store: LocalStore, read: list[int]) -> None:
    before = Matches(open_view(store), QUERY).counts
    with store.writing("test") as writer:
        put(writer.catalog, [make_article("nieuw", "De brug en de brug.", source=SOURCES[0])])
    read.clear()
    after = Matches(open_view(store), QUERY).counts
    assert (after.articles, after.places) == (before.articles + 1, before.places + 4)
    assert len(read) == after.articles


def test_dates_that_come_later_are_counted_in_place_of_none(store: LocalStore) -> None:
    """Each count follows one that is remembered from before the dates changed."""
    day = date(2023, 5, 17)
    undated = list(store.catalog.inferring(0).undated)
    of_none = by_month(store)[None]
    inferred = PublicationDate(day, day, Precision.DAY, Provenance.INFERRED, score=0.7)
    guesses = {number: (b"", replace(inferred, score=at / 50)) for at, number in enumerate(undated)}
    with store.writing("test") as writer:
        writer.catalog.store_inferred(guesses, undated)
    assert by_month(store)["2023-05"] == of_none > 0
    assert by_month(store, ArticleFilter(include_inferred=False))[None] == of_none
    dated = next(each for each in ARTICLES if each.published.precision is Precision.DAY)
    month = str(dated.published.first)[:7]
    by_hand = PublicationDate(day, day, Precision.DAY, Provenance.USER)
    before = by_month(store)
    with store.writing("test") as writer:
        writer.catalog.set_date(dated.id, by_hand)
    after = by_month(store)
    moved = before[month] - after[month]
    assert moved == after["2023-05"] - of_none > 0


def test_no_more_is_kept_than_there_is_room_for() -> None:
    fit = FitMaker().fit(ARTICLES[0], [])
    memory = FitMemory(most_bytes=3_000)
    for name in ("a", "b"):
        memory.remember("state", name, {1: fit, 2: None})
    assert memory.recall("state", "a") == {1: fit, 2: None}
    assert memory.recall("other", "a") == {}
    memory.remember("state", "c", {1: fit})  # "b" was asked for longest ago
    assert [len(memory.recall("state", name)) for name in "abc"] == [2, 0, 1]
    memory.remember("state", "c", {3: fit})
    assert [len(memory.recall("state", name)) for name in "abc"] == [2, 0, 2]
    memory.remember("state", "d", dict.fromkeys(range(100), fit))  # too much by itself
    assert [len(memory.recall("state", name)) for name in "abcd"] == [2, 0, 2, 0]


def test_articles_that_count_alike_share_what_is_kept() -> None:
    maker = FitMaker()
    one, other = (make_article(name, f"Tekst {name}.", source="NRC") for name in "ab")
    assert maker.fit(one, []) is maker.fit(other, [])
    assert maker.fit(one, []) is not maker.fit(make_article("c", "Tekst.", source="Trouw"), [])
    assert "Tekst" not in repr(maker.fit(one, []))
