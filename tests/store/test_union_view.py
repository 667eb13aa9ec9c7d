"""Several stores searched as one find what one store of all their articles finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from index_store.analysis.terms import question_terms
from index_store.local import LocalStore
from index_store.local_view import LocalView
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange
from index_store.union_numbers import own_id
from index_store.union_overlap import StoreOverlap
from index_store.union_view import UnionView
from tests.store.test_copies import ANP, DAY, stated
from tests.store_building import ENCODER, make_article, make_store, open_view, put

QUESTIONS = ("bericht7 regel1 over sancties", "gaspijpleiding en overleg", "wapens dreiging")
FILTERS = (
    EVERYTHING,
    ArticleFilter(sources=("NOS",)),
    ArticleFilter(DateRange(DAY + timedelta(days=5), DAY + timedelta(days=20))),
    ArticleFilter(as_of=DAY + timedelta(days=9), sources=("NRC",)),
)


def written(count: int) -> list[Article]:
    """Return dated articles of two sources, every third of which is longer than the others."""
    topics = ["troepenopbouw", "gaspijpleiding", "sancties", "wapens", "overleg", "dreiging"]
    return [
        make_article(
            f"nieuws/{at:02}",
            "\n".join(
                f"bericht{at} regel{line} over {topics[(at + line) % 6]}"
                + (" en ook nog heel veel anders daarbij." if at % 3 == 0 else ".")
                for line in range(3)
            ),
            published=stated(DAY + timedelta(days=at)),
            source="NOS" if at % 2 else "NRC",
        )
        for at in range(count)
    ]


def in_union(stores: Sequence[LocalStore]) -> UnionView:
    overlap = StoreOverlap(stores)
    names = tuple(store.path.name for store in stores)
    views = tuple(open_view(store) for store in stores)
    return UnionView(names, views, overlap.twins, overlap.copies)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., LocalStore]]:
    opened = []

    def make(name: str, articles: Sequence[Article]) -> LocalStore:
        opened.append(make_store(tmp_path / name, articles))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


Both = tuple[LocalView, UnionView]


@pytest.fixture
def both(make: Callable[..., LocalStore]) -> Both:
    """One store, and three that hold the same."""
    articles = written(30)
    parts = [[each for at, each in enumerate(articles) if at % 7 % 3 == n] for n in range(3)]
    stores = [make(f"deel{n}", part) for n, part in enumerate(parts)]
    return open_view(make("geheel", articles)), in_union(stores)


def scored(view: LocalView | UnionView, rows: Sequence[tuple[int, float]]) -> dict[str, float]:
    chunks = view.chunks([number for number, _ in rows])
    assert [each.number for each in chunks] == [number for number, _ in rows]
    for each in chunks:
        assert each.article.text[each.chunk.start : each.chunk.end] == each.chunk.text
    places = [(each.article.id.partition("\x1f")[0], each.chunk.start) for each in chunks]
    return {f"{key}:{at}": score for (key, at), (_, score) in zip(places, rows, strict=True)}


@pytest.mark.parametrize("only", FILTERS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_vectors_are_ranked_as_in_one_store(both: Both, question: str, only: ArticleFilter) -> None:
    vector, found = ENCODER.encode_question(question), []
    for view in both:
        selected = view.select(only)
        assert (selected is None) == (only == EVERYTHING)
        rows = view.dense(vector, 25, selected, only)
        scores = [score for _, score in rows]
        assert scores == sorted(scores, reverse=True)
        numbers = [number for number, _ in rows]
        assert view.dense_scores(vector, numbers) == pytest.approx(scores, abs=1e-6)
        found.append(scored(view, view.dense(vector, 200, selected, only)))
    one, union = found
    assert one.keys() == union.keys()
    assert all(score == pytest.approx(union[key], abs=1e-6) for key, score in one.items())


@pytest.mark.parametrize("only", FILTERS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_words_weigh_as_in_one_store(both: Both, question: str, only: ArticleFilter) -> None:
    words = question_terms(question)
    one, union = both
    assert union.word_weights(words) == pytest.approx(one.word_weights(words))
    assert [union.knows(each) for each in words] == [one.knows(each) for each in words]
    told = scored(one, one.lexical(words, 200, one.select(only)))
    found = scored(union, union.lexical(words, 200, union.select(only)))
    assert told.keys() == found.keys()
    # Only the average length of a chunk is that of each store.
    assert all(score == pytest.approx(found[key], rel=0.06) for key, score in told.items())


def test_a_word_that_one_store_holds_is_as_rare_as_in_all(make: Callable[..., LocalStore]) -> None:
    """Of itself, a store in which every chunk has a word gives it next to no weight."""
    lines = [make_article(f"a{at}", f"De sluis nummer{at} is dicht.") for at in range(6)]
    others = [make_article(f"b{at}", f"De brug nummer{at} is open.") for at in range(60)]
    first, second = make("een", lines), make("twee", others)
    words = question_terms("sluis")
    (_, alone), *_ = open_view(first).lexical(words, 1, None)
    (number, together), *_ = in_union([first, second]).lexical(words, 1, None)
    (_, whole), *_ = open_view(make("geheel", [*lines, *others])).lexical(words, 1, None)
    assert alone < 0.1 < together
    assert together == pytest.approx(whole, rel=0.01)
    assert number % 2 == 0


@pytest.mark.parametrize("only", FILTERS)
def test_articles_are_counted_and_listed_as_in_one_store(both: Both, only: ArticleFilter) -> None:
    one, union = both
    for words in ((), question_terms("sancties"), question_terms("sancties wapens")):
        told = one.entries([one.holding(each) for each in words], only)
        found = union.entries([union.holding(each) for each in words], only)
        assert [own_id(each.id)[0] for each in found] == [each.id for each in told]
        articles = union.articles([each.number for each in found])
        for each, other in zip(found, told, strict=True):
            assert (each.first, each.last, each.sources) == (other.first, other.last, other.sources)
            assert articles[each.number].id == each.id
    assert union.publication_days(only) == one.publication_days(only)
    assert union.published() == one.published()
    similar = one.with_similar("sanctie", 1)
    assert len(union.with_similar("sanctie", 1)) == len(similar) > 0


def test_an_article_that_two_stores_hold_takes_part_once(make: Callable[..., LocalStore]) -> None:
    same = make_article("a", ANP, published=stated(DAY), source="Kade")
    other = replace(same, id="zelfde", source="Uur")
    rest = written(4)
    union = in_union([make("een", [same, *rest[:2]]), make("twee", [other, *rest[2:]])])
    words, vector = question_terms("sluis Zuiddijk"), ENCODER.encode_question("sluis Zuiddijk")

    def found(only: ArticleFilter) -> list[str]:
        selected = union.select(only)
        rows = [union.dense(vector, 50, selected, only), union.lexical(words, 50, selected)]
        seen = [{each.article.id for each in union.chunks([n for n, _ in row])} for row in rows]
        listed = {each.id for each in union.entries([union.holding(words[0])], only)}
        ids = [{own_id(key)[0] for key in each if "nieuws" not in key} for each in [*seen, listed]]
        assert ids[0] == ids[1] == ids[2]
        return sorted(ids[0])

    assert found(EVERYTHING) == ["a"]
    assert found(ArticleFilter(sources=("Uur",))) == ["zelfde"]  # the first may not take part
    assert [each.source for each in union.copies_of("a\x1feen", EVERYTHING)] == ["Uur"]
    assert [each.source for each in union.copies_of("zelfde\x1ftwee", EVERYTHING)] == ["Kade"]
    assert union.copies_of("a\x1feen", ArticleFilter(sources=("Kade",))) == ()
    assert union.copies_of("weg\x1feen", EVERYTHING) == ()


def test_near_copies_are_found_across_stores(make: Callable[..., LocalStore]) -> None:
    first = make_article("oud", ANP, published=stated(DAY), source="Kade")
    edited = make_article("nieuw", f"(ANP) - {ANP[:-60]}", published=stated(DAY + timedelta(1)))
    yearly = make_article("jaar", f"Weer. {ANP}", published=stated(date(2023, 6, 15)))
    union = in_union([make("een", [edited, *written(3)]), make("twee", [yearly, first])])
    assert [each.id for each in union.articles(list(union.copies())).values()] == [
        "nieuw\x1feen",
        "oud\x1ftwee",
    ]
    assert set(union.copies().values()) == {
        number
        for number, each in union.articles(list(union.copies())).items()
        if each.id == "oud\x1ftwee"
    }
    (copy,) = union.copies_of("nieuw\x1feen", EVERYTHING)
    assert copy.text == ANP
    assert union.copies_of("jaar\x1ftwee", EVERYTHING) == ()


def test_the_union_sees_what_was_added_meanwhile(tmp_path: Path) -> None:
    with (
        closing(make_store(tmp_path / "een", written(3))) as first,
        closing(make_store(tmp_path / "twee", [])) as second,
    ):
        overlap = StoreOverlap([first, second])
        assert overlap.twins() == []
        with second.writing("test") as writer:
            put(writer.catalog, written(1))
        ((one, two),) = overlap.twins()
        assert (one % 2, two % 2) == (0, 1)
