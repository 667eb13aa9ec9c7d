"""Which articles came in behind another, and searches among some articles only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index_store.analysis.terms import question_terms
from index_store.local import LocalStore
from index_store.records import EVERYTHING, ArticleFilter
from tests.store_building import ENCODER, make_article, make_store, news, open_view, put, reindex


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with closing(make_store(tmp_path / "store", news(6))) as opened:
        yield opened


def test_what_came_in_behind_an_article_is_named_in_order(store: LocalStore) -> None:
    last = open_view(store).last_number()
    assert open_view(store).arrived(last) == []
    with store.writing("test") as writer:
        put(writer.catalog, [make_article("een", "Iets."), make_article("leeg", "")])
        put(writer.catalog, news(2, version=2))  # changed, and so not new
        writer.catalog.remove_article("nieuws/5")
    assert open_view(store).arrived(last) == [last + 1, last + 2]
    assert open_view(store).arrived(0)[-3:] == [last - 1, last + 1, last + 2]


def test_what_cannot_be_searched_yet_and_what_follows_it_is_no_arrival(store: LocalStore) -> None:
    view = open_view(store)
    last = view.last_number()
    with store.writing("test") as writer:
        put(writer.catalog, [make_article("een", "Iets."), make_article("twee", "Anders.")])
        assert view.last_number() == last + 2
        assert view.arrived(last) == []  # the catalog is ahead of the indexes of this view
        assert (view.arrived_upto(last), view.arrived_upto(0)) == (last, last)
        writer.renew()
        put(writer.catalog, [make_article("drie", "Nog iets.")])
        assert open_view(store).arrived(last) == [last + 1, last + 2]
        assert open_view(store).arrived_upto(last) == last + 2
        reindex(writer.catalog, chunking="lines")
    assert open_view(store).arrived(last) == [last + 1, last + 2, last + 3]
    assert open_view(store).arrived_upto(last) == last + 3


def test_a_search_among_some_articles_finds_these_and_no_other(store: LocalStore) -> None:
    view = open_view(store)
    numbers = view.passing(None, EVERYTHING)
    some = view.searching(numbers[2:4])
    selected = some.select(EVERYTHING)
    assert selected is not None
    chunks = some.chunks(selected.tolist())
    assert {each.article.id for each in chunks} == {"nieuws/2", "nieuws/3"}
    vector = ENCODER.encode_question("troepen")
    nearest = some.dense(vector, 99, selected, EVERYTHING)
    assert {number for number, _ in nearest} == set(selected.tolist())
    words = question_terms("bericht2 bericht5")
    assert {n for n, _ in some.lexical(words, 99, selected)} <= set(selected.tolist())
    assert some.word_weights(words) == view.word_weights(words)  # those of the whole archive
    nothing = some.select(ArticleFilter(sources=("Elders",)))
    assert nothing is not None
    assert nothing.tolist() == []
    assert view.searching([]).dense(vector, 9, view.searching([]).select(EVERYTHING)) == []
