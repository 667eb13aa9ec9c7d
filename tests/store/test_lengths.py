"""How many words texts have: counted once, kept by content, equal to a plain count."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from index_store.analysis.written_words import (
    count_words,
    simple_text,
    whole_word_places,
    word_keys,
    word_spans,
    written_words,
)
from index_store.catalog.facets import Facet
from index_store.indexes import lengths
from index_store.local import LocalStore
from index_store.records import EVERYTHING, Article, ArticleFilter
from tests.retrieval.query_oracle import made_article, tokens
from tests.store_building import make_article, make_store, open_view, put

ARTICLES = [made_article(number) for number in range(40)]


def counted(store: LocalStore) -> dict[str, int]:
    """Return the words of each article by its id."""
    found = store.lengths()
    articles = store.catalog.articles_by_number(found.numbers.tolist())
    words = dict(zip(found.numbers.tolist(), found.words.tolist(), strict=True))
    return {article.id: words[number] for number, article in articles.items()}


def expected(articles: list[Article]) -> dict[str, int]:
    return {article.id: len(tokens(article.text)) for article in articles}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "De brug.",
        "burge-\nmeester en zee-\nen",
        "d'Estaing 100.000",
        "北京 is ver",
        "foo_bar  É",
        "STRASSE straße",
    ],
)
def test_words_are_counted_as_they_are_found(text: str) -> None:
    assert count_words(text) == len(written_words(text))
    assert word_spans(text) == [(word.start, word.end) for word in written_words(text)]
    assert word_keys(text) == [word.key for word in written_words(text)]


def test_short_ways_give_what_the_long_way_gives() -> None:
    chance = random.Random(8)
    simple_texts = 0
    signs = "aB1É_-- \n\n'\u0301\u00ad\u200b\u0e01北ßİΣK\u212aе.\u0903"
    for _ in range(3_000):
        text = "".join(chance.choices(signs, k=chance.randrange(12)))
        words = written_words(text)
        assert count_words(text) == len(words)
        assert word_keys(text) == [word.key for word in words]
        assert word_spans(text) == [(word.start, word.end) for word in words]
        simple = simple_text(text)
        if simple is not None:
            simple_texts += 1
            for key in {word.key for word in words}:
                places = [(word.start, word.end) for word in words if word.key == key]
                assert list(whole_word_places(simple, key)) == places
    assert simple_texts > 300


def test_lengths_are_those_of_a_scan(tmp_path: Path) -> None:
    with closing(make_store(tmp_path / "store", ARTICLES)) as store:
        assert counted(store) == expected(ARTICLES)


def test_only_new_texts_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def count(text: str) -> int:
        read.append(text)
        return count_words(text)

    monkeypatch.setattr(lengths, "count_words", count)
    make_store(tmp_path / "store", ARTICLES[:30]).close()
    for _ in range(2):
        with closing(LocalStore(tmp_path / "store")) as store:
            assert len(counted(store)) == 30
            assert len(counted(store)) == 30
    assert len(read) == 30
    with closing(LocalStore(tmp_path / "store")) as store:
        view = open_view(store)
        before = view.words_by(Facet.LANGUAGE, EVERYTHING)
        with store.writing("test") as writer:
            put(writer.catalog, ARTICLES[30:])
        assert counted(store) == expected(ARTICLES)
        assert view.words_by(Facet.LANGUAGE, EVERYTHING)["nl"] > before["nl"]
    assert len(read) == 40


def test_lost_and_damaged_counts_are_made_again(tmp_path: Path) -> None:
    make_store(tmp_path / "store", ARTICLES).close()
    file = tmp_path / "store" / "derived" / "lengths.npz"
    for damage in (lambda: None, file.unlink, lambda: file.write_bytes(b"PK?")):
        damage()
        with closing(LocalStore(tmp_path / "store")) as store:
            assert counted(store) == expected(ARTICLES)
        assert file.exists()


def test_every_changed_bit_of_the_counts_is_told_and_made_good(tmp_path: Path) -> None:
    make_store(tmp_path / "store", ARTICLES[:3]).close()
    with closing(LocalStore(tmp_path / "store")) as store:
        assert counted(store) == expected(ARTICLES[:3])
        assert store.check() == []
    file = tmp_path / "store" / "derived" / "lengths.npz"
    whole = file.read_bytes()
    with closing(LocalStore(tmp_path / "store")) as store:
        for place in range(0, len(whole), 31):
            changed = bytearray(whole)
            changed[place] ^= 1 << place % 8
            file.write_bytes(changed)
            found = lengths.find_lengths(file.parent, store.catalog)
            assert found.words.tolist() == [len(tokens(each.text)) for each in ARTICLES[:3]]
    file.write_bytes(whole[:200] + b"?" + whole[201:])
    with closing(LocalStore(tmp_path / "store")) as store:
        assert [problem.count("lengths.npz: the checksum") for problem in store.check()] == [1]
        assert counted(store) == expected(ARTICLES[:3])
        assert store.check() == []


def test_counts_of_an_earlier_version_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_store(tmp_path / "store", ARTICLES[:3]).close()
    with closing(LocalStore(tmp_path / "store")) as store:
        assert counted(store)
    file = tmp_path / "store" / "derived" / "lengths.npz"
    file.write_bytes(file.read_bytes()[:-40])  # without the checksum
    monkeypatch.setattr(lengths, "count_words", None)
    with closing(LocalStore(tmp_path / "store")) as store:
        assert counted(store) == expected(ARTICLES[:3])
        assert store.check() == []


def test_words_are_summed_by_facet(tmp_path: Path) -> None:
    texts = {"a": "Een twee drie.", "b": "Vier vijf.", "c": "Zes."}
    articles = [
        make_article(name, text, source="Kade" if name < "c" else "Uur", section=name)
        for name, text in texts.items()
    ]
    with closing(make_store(tmp_path / "store", articles)) as store:
        view = open_view(store)
        assert view.words_by(Facet.SOURCE, EVERYTHING) == {"Kade": 5, "Uur": 1}
        assert view.words_by(Facet.MONTH, EVERYTHING) == {None: 6}
        only = ArticleFilter(sources=("kade",))
        assert view.words_by(Facet.SECTION, only) == {"a": 3, "b": 2}
