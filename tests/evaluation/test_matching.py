from __future__ import annotations

import pytest

from qa.evaluation.matching import (
    exact_match,
    holds_answer,
    holds_verbatim,
    is_right,
    normalise,
    token_f1,
)


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("De Krim", "krim"),
        ("een  Het\nde", ""),
        ("„Generaal Armageddon”!", "generaal armageddon"),
        ("1.912", "1912"),
        ("1,912", "1912"),
        ("Cuba-crisis", "cubacrisis"),
        ("’s-Hertogenbosch", "shertogenbosch"),
        ("deur", "deur"),
        ("cafe\u0301", "café"),
        ("€ 5", "€ 5"),
        ("$5", "5"),
        ("", ""),
    ],
)
def test_words_are_compared_without_what_does_not_count(text: str, normalised: str) -> None:
    assert normalise(text) == normalised


@pytest.mark.parametrize(
    ("answer", "accepted", "exact", "f1"),
    [
        ("de Krim", ["Krim"], 1, 1),
        ("op de Krim", ["Krim"], 0, 2 / 3),
        ("vijf locaties in Rusland", ["vijf locaties", "vijf"], 0, 2 / 3),
        ("ja ja", ["ja nee"], 0, 1 / 2),
        ("iets anders", ["Krim"], 0, 0),
        ("", ["Krim"], 0, 0),
        ("de", ["het"], 1, 1),
        ("Krim", [], 0, 0),
    ],
)
def test_exact_match_and_f1_are_those_of_squad(
    answer: str, accepted: list[str], exact: float, f1: float
) -> None:
    assert exact_match(answer, accepted) == exact
    assert token_f1(answer, accepted) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        ("Bartle Gorman", ["Gorman"]),
        ("de diplomaat Bartle Gorman uit Moskou", ["Bartle Gorman"]),
        ("Gorman", ["Bartle Gorman"]),
        ("1912", ["1.912"]),
        ("zo'n 100.000 troepen", ["100000"]),
        ("drie jaar", ["langer dan drie jaar"]),
        ("2 grote bases", ["twee bases"]),
        ("voorlopig geen actie", ["voorlopig geen militaire actie"]),
        ("no military action at all", ["geen militaire actie", "no military action"]),
    ],
)
def test_right_answers(answer: str, accepted: list[str]) -> None:
    assert is_right(answer, accepted)


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        ("12 december 2021", ["13 december 2021"]),
        ("20 februari", ["10 tot 20 februari"]),
        ("drie locaties in Rusland", ["vijf locaties in Rusland"]),
        ("een keer", ["niet een keer"]),
        ("Rusland", ["om Rusland te verdedigen"]),
        ("Krimoorlog", ["Krim"]),
        ("de", ["de Krim"]),
        ("", ["Krim"]),
        ("Krim", []),
        ("Krim", ["de"]),
    ],
)
def test_wrong_answers(answer: str, accepted: list[str]) -> None:
    assert not is_right(answer, accepted)


def test_a_quote_holds_whole_words_of_an_answer_and_the_very_evidence() -> None:
    quote = "Het gaat om\nenergie-en waterkrachtcentrales, zo'n 1.912."
    assert holds_answer(quote, ["iets", "1912"])
    assert not holds_answer(quote, ["waterkracht", ""])
    assert holds_verbatim(quote, ["Gaat om energie-en waterkracht"])
    assert not holds_verbatim(quote, ["1912", "", " "])
