"""Caution in a text is seen, and taken along with the words that it stands before."""

from __future__ import annotations

import pytest

from qa.text.attribution.state import denies
from qa.text.hedges import hedge_start, is_hedged


@pytest.mark.parametrize(
    "text",
    [
        "De brug zou instorten",
        "Als het regent, valt het feest uit",
        "Het regent, maar als het vriest, rijden er bussen",
        "Mogelijk was er een lek",
        "Hij wordt verdacht van diefstal",
        "Volgens geruchten stapt hij op",
        "The bridge may collapse",
        "If it rains, we stay",
        "He is said to be ill",
        "It is unclear who won",
    ],
)
def test_caution_is_seen(text: str) -> None:
    assert is_hedged(text)


@pytest.mark.parametrize(
    "text",
    [
        "De brug stortte in",
        "Hij werkt als kok",
        "In May it rained",
        "May was dry",
        "Het duurde bijna een jaar",
        "De kanarie zong",
        "Het onmogelijke plan",
        "The canteen closed",
        "A would-be poet",
    ],
)
def test_what_is_plain_is_not_hedged(text: str) -> None:
    assert not is_hedged(text)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Het was mogelijk kortsluiting.", "kortsluiting", "mogelijk kortsluiting."),
        ("Mogelijk kortsluiting.", "kortsluiting", "Mogelijk kortsluiting."),
        ("De voormalig minister.", "minister", "voormalig minister."),
        ("The alleged thief fled.", "thief", "alleged thief fled."),
        ("Het was kortsluiting.", "kortsluiting", "kortsluiting."),
        ("Mogelijk was het kortsluiting.", "kortsluiting", "kortsluiting."),
        ("Een onmogelijk plan.", "plan", "plan."),
    ],
)
def test_a_hedge_before_words_belongs_to_them(text: str, words: str, expected: str) -> None:
    assert text[hedge_start(text, text.index(words)) :] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Zij bleef zonder werk",
        "Iedereen op twee man na kwam",
        "De rechter wees het verzoek af",
        "Te mager voor een straf",
        "He couldn’t go",
        "They turned it down",
        "Too late for tea",
    ],
)
def test_what_is_lacking_is_denied(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize(
    "text",
    [
        "Niet alleen Kaag kwam",
        "De kerk is te koop voor een ton",
        "De dag na de storm op Urk",
    ],
)
def test_what_is_there_is_not_denied(text: str) -> None:
    assert not denies(text)
