"""Exhaustive search, held against a plain scan of the words of every article."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from index_store.local import LocalStore
from index_store.local_view import LocalView
from index_store.records import (
    EVERYTHING,
    UNKNOWN_DATE,
    Article,
    ArticleFilter,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.retrieval.exhaustive import counted, find_all, forms_found, telling_sentence, topic_words
from tests.store_building import make_article, make_store

# What is asked for, and every way of writing it that counts.
WORDS = {
    "kernwapens": "kernwapens kernwapen kernwapenverdrag Kernwapens",
    "kernwapen": "kernwapens kernwapen kernwapenverdrag Kernwapens",
    "visser": "visser vissers Vissers",
    "grenzen": "grens grenzen Grens",
    "brug": "brug bruggen ophaalbrug",
    "stikstof": "stikstof stikstofbeleid",
    "cafés": "café cafés",
    "bossen": "bos bossen Bos BOS",
}
NAMES = {
    "Oekraine": "Oekraïne Oekraine Oekraïnes Oost-Oekraïne",
    "Oekraïne": "Oekraïne Oekraine Oekraïnes Oost-Oekraïne",
    "Biden": "Biden Bidens BIDEN",
    "Bos": "Bos BOS",
    "Poetin": "Poetin Poetins",
    "José": "José Jose",
}
NEITHER = "bidden oekraine poetins regen tulpen markt gisteren rustig oude trein".split()  # noqa: SIM905
ASKED = {**WORDS, **NAMES}
SOURCES = ("De Kade", "Rijnbode", "Het Uur")
FIRST_DAY = date(2022, 1, 1)


def forms(asked: str) -> set[str]:
    return set(ASKED[asked].split())


def made(chance: random.Random, number: int) -> Article:
    vocabulary = [form for written in ASKED.values() for form in written.split()]
    lines = [
        " ".join(chance.choice(vocabulary if chance.random() < 0.15 else NEITHER) for _ in range(6))
        for _ in range(3)
    ]
    day = FIRST_DAY + timedelta(chance.randrange(365))
    stated = PublicationDate(day, day, Precision.DAY, Provenance.STATED, str(day))
    return make_article(
        f"a{number:03}",
        ".\n".join(lines) + ".",
        title=chance.choice([None, "Regen", f"“{chance.choice(vocabulary)}”, zei de markt"]),
        published=chance.choice([stated, stated, stated, UNKNOWN_DATE]),
        source=chance.choice(SOURCES),
    )


ARTICLES = [made(random.Random(number), number) for number in range(240)]


def scanned(asked: tuple[str, ...], only: ArticleFilter) -> set[str]:
    """Read every article from end to end."""
    found = set()
    for article in ARTICLES:
        written = {word.strip("“”,.") for word in f"{article.title} {article.text}".split()}
        days = only.published
        fits = not only.sources or article.source in only.sources
        if days and days.first and days.last:
            day = article.published.first
            fits = fits and day is not None and days.first <= day <= days.last
        if fits and all(written & forms(each) for each in asked):
            found.add(article.id)
    return found


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalView]:
    path = tmp_path_factory.mktemp("exhaustive") / "store"
    with closing(make_store(path, ARTICLES)) as store:
        yield seen(store)


def seen(store: LocalStore) -> LocalView:
    view = store.view()
    assert isinstance(view, LocalView)
    return view


def one_article(path: Path, article: Article) -> LocalView:
    return seen(make_store(path / "store", [article]))


@pytest.mark.parametrize("asked", ASKED)
def test_every_article_with_a_word_or_name_is_found(view: LocalView, asked: str) -> None:
    found = find_all(view, asked, EVERYTHING)
    assert set(found.ids) == scanned((asked,), EVERYTHING)
    assert len(found.ids) == len(set(found.ids)) > 5
    told = set(forms_found(view, found))
    assert told
    assert told <= {form if asked in NAMES else form.lower() for form in forms(asked)}


def test_several_words_and_filters_agree_with_a_scan(view: LocalView) -> None:
    chance = random.Random(7)
    sizes = []
    for _ in range(300):
        asked = tuple(chance.sample(sorted(ASKED), chance.choice([1, 1, 2])))
        first = FIRST_DAY + timedelta(chance.randrange(300))
        period = DateRange(first, first + timedelta(chance.randrange(90)))
        only = ArticleFilter(
            published=chance.choice([None, period]),
            sources=chance.choice([(), SOURCES[:1], SOURCES[1:]]),
        )
        found = find_all(view, " en ".join(asked), only)
        assert set(found.ids) == scanned(asked, only), (asked, only)
        sizes.append(len(found.ids))
    assert sizes.count(0) < 150 < sum(sizes)


def test_without_a_topic_all_that_may_take_part_are_found_oldest_first(view: LocalView) -> None:
    found = find_all(view, None, EVERYTHING)
    assert set(found.ids) == {article.id for article in ARTICLES}
    days = [each.first for each in found.entries]
    known = [day for day in days if day]
    assert known == sorted(known)
    assert days == [*known, *[None] * (len(days) - len(known))]
    only = ArticleFilter(sources=("Rijnbode",))
    assert set(find_all(view, None, only).ids) == scanned((), only)
    everyone = counted(found.entries, lambda each: each.sources)
    assert sum(count for _, count in everyone) == len(ARTICLES)


def test_words_may_stand_in_different_parts_of_an_article(tmp_path: Path) -> None:
    view = one_article(tmp_path, make_article("a", "Over de brug.\nVan de visser.", title="Poetin"))
    assert find_all(view, "Poetin, brug, vissers", EVERYTHING).ids == ("a",)
    assert find_all(view, "Poetin en kernwapens", EVERYTHING).ids == ()


def test_a_word_that_opens_a_question_is_no_name(tmp_path: Path) -> None:
    texts = ["Kernwapens liggen stil.", "De kernwapens van Poetin liggen stil."]
    store = make_store(tmp_path / "store", [make_article(text[0], text) for text in texts])
    for asked in ("Kernwapens", "KERNWAPENS", "kernwapens"):
        assert set(find_all(seen(store), asked, EVERYTHING).ids) == {"K", "D"}
    assert find_all(seen(store), "Kernwapens van Poetin", EVERYTHING).ids == ("D",)


def test_whether_it_is_a_name_does_not_depend_on_the_selection(tmp_path: Path) -> None:
    bos = make_article("naam", "Daar kwam Bos aan.", source="NRC")
    trees = make_article("bomen", "Er brandt een bos.", source="Trouw")
    view = seen(make_store(tmp_path / "store", [bos, trees]))
    assert find_all(view, "Bos", EVERYTHING).ids == ("naam",)
    assert find_all(view, "Bos", ArticleFilter(sources=("Trouw",))).ids == ()
    assert set(find_all(view, "bos", EVERYTHING).ids) == {"naam", "bomen"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Hanna Vos", {"whole"}),
        ("Vos", {"whole", "apart"}),
        ("Jan de Wit", {"particle"}),
        ("hanna vos", {"whole", "apart"}),  # small letters ask for words, not for a name
        ("Zoë Biden", {"two"}),  # stand nowhere side by side: each is a name of its own
    ],
)
def test_a_full_name_counts_in_one_piece(tmp_path: Path, asked: str, expected: set[str]) -> None:
    articles = [
        make_article("whole", "Volgens raadslid Hanna  Vos is het laat."),
        make_article("apart", "Daar sprak Hanna Wit met Jan Vos."),
        make_article("particle", "Toen kwam Jan de Wit."),
        make_article("two", "Daar sprak Zoë met Biden."),
    ]
    view = seen(make_store(tmp_path / "store", articles))
    assert set(find_all(view, asked, EVERYTHING).ids) == expected


ODD = ["", "?!", "de", "“”", "%", "a" * 5000, "\u0000", "(.*)", "O'Neill"]


@pytest.mark.parametrize("topic", ODD)
def test_odd_topics_break_nothing(view: LocalView, topic: str) -> None:
    found = find_all(view, topic, EVERYTHING)
    assert set(found.ids) <= {article.id for article in ARTICLES}


def test_the_telling_sentence_holds_the_most_of_the_words() -> None:
    text = "Het regent. De visser slaapt. De visser vaart onder de brug door. Dag, brug."
    article = make_article("a", text)
    start, end = telling_sentence(article, topic_words("brug vissers"))
    assert text[start:end] == "De visser vaart onder de brug door."
    start, end = telling_sentence(article, topic_words("Poetin"))
    assert text[start:end] == "Het regent."
