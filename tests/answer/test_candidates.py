"""Candidates: spans put back into their articles, and what is made of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qa.answer.records import Answer
from qa.answer.values import same_value
from qa.assistant import Assistant
from tests.conftest import open_hashed


def ask(store: Path, texts: dict[str, str], question: str) -> Answer:
    with open_hashed(store) as assistant:
        for name, text in texts.items():
            (store.parent / f"{name}.txt").write_text(text, encoding="utf-8")
            assistant.ingest([store.parent / f"{name}.txt"])
        return assistant.ask(question)


def test_what_says_the_same_is_cited_together(store_path: Path) -> None:
    texts = {
        "een": "De dijk werd gebouwd in 1953. Het regende.",
        "twee": "Volgens de krant werd die dijk gebouwd in 1953, na de storm.",
        "drie": "De sluis staat elders.",
    }
    answer = ask(store_path, texts, "Wanneer werd de dijk gebouwd?")
    assert answer.answer == "1953"
    agreeing = [each.article.id for each in answer.citations if each.agrees]
    assert {"een", "twee"} <= set(agreeing)
    assert answer.text.startswith("1953 [1] [2]")


def test_what_says_otherwise_is_told_apart(store_path: Path) -> None:
    texts = {
        "een": "De dijk werd gebouwd in 1953. Het regende.",
        "twee": "De dijk werd gebouwd in 1962, zei men later.",
    }
    answer = ask(store_path, texts, "Wanneer werd de dijk gebouwd?")
    assert [each.agrees for each in answer.citations[:2]] == [True, False]


def test_a_whole_sentence_answers_why(store_path: Path) -> None:
    texts = {"een": "De dijk brak omdat het water te hoog stond. Het regende."}
    answer = ask(store_path, texts, "Waarom brak de dijk?")
    assert answer.answer is None
    assert answer.citations[0].quote == "De dijk brak omdat het water te hoog stond."
    assert answer.text.startswith("Volgens")


def test_no_sentence_is_quoted_twice(store_path: Path) -> None:
    long = " ".join(f"De dijk van polder {number} is hoog en breed genoeg." for number in range(90))
    answer = ask(store_path, {"lang": long}, "Welke dijk van polder 40 is hoog?")
    places = [(each.start, each.end) for each in answer.citations]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("text", ["De", "€", "—", "…", "een"])
def test_texts_without_words_do_no_harm(store_path: Path, text: str) -> None:
    answer = ask(store_path, {"x": f"{text} dijk {text}"}, "Wat is de dijk?")
    assert answer.question == "Wat is de dijk?"
    assert [passage.article.id for passage in answer.passages] == ["x"]
    assert all(each.agrees for each in answer.citations[:1])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("100.000", "zo'n 100.000 troepen", True),
        ("100.000", "100000", True),
        ("de Krim", "Krim", True),
        ("12 maart", "2 maart", False),
        ("Macron", "Scholz", False),
        ("", "Scholz", False),
    ],
)
def test_answers_are_compared_by_their_words(one: str, other: str, same: bool) -> None:
    assert same_value(one, other, "nl") is same


def test_an_answer_outside_the_period_is_mentioned(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Welke bijnaam kreeg Sergej Soerovikin?", until=date(2021, 12, 31))
    assert answer.abstained
    assert answer.reason == "Na de gekozen periode verscheen wel een antwoord."
    assert answer.text == f"In de gekozen periode staat geen antwoord. {answer.reason}"


def test_a_heading_answers_only_where_nothing_else_does(store_path: Path) -> None:
    question = "Hoeveel sluizen telt de dijk bij Lith?"
    heading, sentence = "Dijk bij Lith telt 3 sluizen", "De dijk bij Lith telt al jaren 4 sluizen."
    alone = ask(store_path, {"kop": f"{heading}\n\nZo is het."}, question)
    assert alone.citations[0].quote == heading
    beside = ask(store_path, {"zin": sentence}, question)
    assert beside.citations[0].quote == sentence
