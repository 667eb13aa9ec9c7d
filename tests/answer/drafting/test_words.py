"""Where copied words stand in their sentence."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.drafting.words import find_words


def found(text: str, words: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text, words)]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Er staan 7000 man.", "7000 man", ["7000 man"]),
        ("Er staan 7000 man.", "7000 MAN", ["7000 MAN".lower()]),
        ("Er staan\n  7000\u00a0man.", "7000 man", ["7000\u00a0man"]),
        ("Een „grote” fout.", '"grote" fout', ["„grote” fout"]),
        ("Een „grote” fout.", "“grote” fout.", ["„grote” fout."]),
        ("Zo’n vijf man.", "zo'n vijf", ["Zo’n vijf"]),
        ("De zach\u00adte mist.", "zachte mist", ["zach\u00adte mist"]),
        ("Cafe\u0301 De Zon.", "Café", ["Cafe\u0301"]),
        ("Café De Zon.", "cafe\u0301 de zon", ["Café De Zon"]),
        ("Straße in Wenen.", "STRASSE", ["Straße"]),
        ("Er staan 7000 man.", " **7000 man**. ", ["7000 man"]),
        ("Er staan 7000 man.", '"7000 man"', ["7000 man"]),
        ("Ja, ja, zei hij.", "ja", ["Ja", "ja"]),
        ("In 's-Gravenhage.", "'s-gravenhage", ["'s-Gravenhage"]),
        # not the words of the sentence
        ("Er staan 7000 man.", "7001 man", []),
        ("Er staan 7000 man.", "7000 mannen", []),
        ("Er staan 7000 man.", "zevenduizend man", []),
        ("Café De Zon.", "Cafe De Zon", []),
        ("Cafe\u0301 De Zon.", "Cafe", []),
        ("De Café.", "de cafe", []),
        ("Zo groß.", "zo gros", []),
        ("Er staan 7000 man.", "", []),
        ("Er staan 7000 man.", " … \"'", []),
        ("Rood — wit.", "—", []),
        # not whole words or numbers
        ("Er staan 100.000 man.", "100", []),
        ("Er staan 100.000 man.", "000 man", []),
        ("Het werd 2,5 graden.", "2", []),
        ("Het werd 2,5 graden.", "5 graden", []),
        ("Om 12:30 uur.", "12", []),
        ("Ajax won met 3-1.", "3", []),
        ("Seizoen 2021/2022.", "2021", []),
        ("De oud-minister kwam.", "minister", []),
        ("De oud‑minister kwam.", "minister", []),
        ("Vier foto's.", "foto", []),
        ("Vier foto's.", "foto'", []),
        ("Zij isn't here.", "isn", []),
        ("De staanders.", "staan", []),
        ("Het is_waar.", "waar", []),
        ("Straße in Wenen.", "stras", []),
    ],
)
def test_words_stand_where_they_stand(text: str, words: str, expected: list[str]) -> None:
    assert found(text, words) == expected


WORDS = st.sampled_from(
    [*("7000", "man", "zo’n", "„grote”", "Café", "Cafe\u0301", "oud-minister", "2,5", "İstanbul")]
)


@given(st.lists(WORDS, min_size=1, max_size=9), st.data())
def test_whole_words_of_a_sentence_are_found(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    copied = "\n ".join(words[first:last]).replace("’", "'").replace("„", "“")
    assert " ".join(words[first:last]) in found(text, copied.swapcase())


@given(st.text(max_size=60), st.text(max_size=8))
def test_what_is_found_is_the_same_but_for_what_may_differ(text: str, words: str) -> None:
    for start, end in find_words(text, words):
        assert 0 <= start < end <= len(text)
        kept = [c for c in text[start:end].casefold() if c.isalnum()]
        sought = [c for c in words.casefold() if c.isalnum()]
        assert unicodedata.normalize("NFD", "".join(kept)) == unicodedata.normalize(
            "NFD", "".join(sought)
        )
