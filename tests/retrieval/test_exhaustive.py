"""Every article that holds the words of a topic is found, and no other: against a plain scan."""

from __future__ import annotations

import random
import re
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from index_store.analysis.terms import terms, whole_words
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange
from qa.dates.stated import parse_stated_date
from qa.retrieval.exhaustive import find_all, forms_found, telling_sentence, topic_words
from tests.store_building import make_article, make_store, open_view

WORDS = [
    "dijk",
    "dijken",
    "dijkverzwaring",
    "wapen",
    "wapens",
    "kernwapen",
    "kernwapens",
    "troep",
    "troepen",
    "troepenopbouw",
    "grens",
    "grenzen",
    "minister",
    "ministers",
    "huis",
    "huizen",
    "schade",
    "raad",
    "gemeenteraad",
    "boer",
    "boeren",
    "café",
    "cafés",
    "belde",
    "bellen",
    "zwembad",
    "zwembaden",
    "4.200",
    "stikstof",
    "NAVO",
    "Biden",
    "Poetin",
    "Zoë",
    "Oekraïne",
]


def scattered(count: int) -> list[Article]:
    """Make articles of random words, with titles, sources and dates."""
    chance = random.Random(7)
    found = []
    for number in range(count):
        lines = [
            " ".join(chance.choices(WORDS, k=chance.randint(1, 6))) for _ in range(3)
        ]  # each line is a chunk
        day = f"20{chance.randint(20, 23)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}"
        found.append(
            make_article(
                f"a/{number}",
                "\n".join(lines),
                title=chance.choice(WORDS) if number % 3 else None,
                published=parse_stated_date(day),
                source=chance.choice(["Krant", "Blad"]),
            )
        )
    return found


def plain(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


def scan(articles: list[Article], topic: str) -> set[str]:
    """Read every article: each word stands in it in one of its forms, a name with its capital."""
    found = set()
    for article in articles:
        text = f"{article.title or ''}\n{article.text}"
        stems = set(terms(text, language=article.language))
        held = all(not stems.isdisjoint(term.alternatives) for _, term in whole_words(topic))
        names = [word for word in topic.split() if word[0].isupper()]
        named = all(re.search(rf"(?<!\w){plain(name)}s?(?!\w)", plain(text)) for name in names)
        if held and named:
            found.add(article.id)
    return found


def test_what_is_found_is_what_a_scan_of_all_texts_finds(store_path: Path) -> None:
    articles = scattered(300)
    chance = random.Random(1)
    with closing(make_store(store_path, articles)) as store:
        view = open_view(store)
        sizes = set()
        for _ in range(300):
            topic = " en ".join(chance.sample(WORDS, chance.randint(1, 3)))
            found = find_all(view, topic, EVERYTHING)
            assert set(found.ids) == scan(articles, topic), topic
            assert len(set(found.ids)) == len(found.ids)
            sizes.add(len(found.ids))
        assert len(sizes) > 50  # not all or nothing


def test_only_what_may_take_part_is_found_oldest_first(store_path: Path) -> None:
    articles = scattered(200)
    only = ArticleFilter(
        published=DateRange(
            parse_stated_date("2021").first,
            parse_stated_date("2022").last,
        ),
        sources=("Blad",),
    )
    with closing(make_store(store_path, articles)) as store:
        found = find_all(open_view(store), "dijken", only)
    allowed = {
        each.id: each.published.first
        for each in articles
        if each.source == "Blad" and str(each.published.first)[:4] in ("2021", "2022")
    }
    assert set(found.ids) == scan(articles, "dijken") & set(allowed)
    days = [allowed[each] for each in found.ids]
    assert days == sorted(days, key=str)
    assert len(days) > 5


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("Hanna Vos", {"both"}),
        ("Vos", {"both", "apart", "genitive"}),
        ("hanna vos", {"both", "apart"}),  # small letters are words, not a name
        ("Poetin Biden", {"two"}),  # never side by side: the names themselves are looked for
        ("Bidden", {"verb"}),
        ("Kaya", set()),
        ("Zoe", {"two"}),
    ],
)
def test_names(store_path: Path, topic: str, expected: set[str]) -> None:
    articles = [
        make_article("both", "Volgens Hanna Vos is het laat."),
        make_article("apart", "Hanna de Wit sprak met Jan Vos."),
        make_article("genitive", "Dat is Vos' huis, en Vossen is een dorp."),
        make_article("two", "Zoë sprak met Biden over Poetin."),
        make_article("verb", "Zij bidden elke dag."),
    ]
    with closing(make_store(store_path, articles)) as store:
        assert set(find_all(open_view(store), topic, EVERYTHING).ids) == expected


def test_the_forms_and_the_sentence_that_show_why(store_path: Path) -> None:
    article = make_article("a", "De raad kwam bijeen. De dijken zijn laag. Een dijk brak.")
    with closing(make_store(store_path, [article])) as store:
        view = open_view(store)
        found = find_all(view, "dijk", EVERYTHING)
        assert forms_found(view, found) == ("dijk", "dijken")
    start, end = telling_sentence(article, topic_words("dijk"))
    assert article.text[start:end] == "De dijken zijn laag."
