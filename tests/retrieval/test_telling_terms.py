from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.question.inquiry import understand
from qa.retrieval.telling_terms import telling_terms
from tests.conftest import open_hashed

TEXTS = {
    "duel": "Rusland en Oekraïne praten in Winterswijk over een staakt-het-vuren.",
    "poetin": "Volgens Rusland wil Poetin geen staakt-het-vuren met Oekraïne.",
    "kring": "De kringloopwinkel mocht het geld houden, aldus Rusland-kenner Bos.",
    "staat": "Er geldt een ban op stadionbezoek, zegt de staat; Rusland zwijgt.",
}


@pytest.fixture
def dutch(store_path: Path, tmp_path: Path) -> Assistant:
    file = tmp_path / "a.jsonl"
    records = [{"id": key, "text": text, "language": "nl"} for key, text in TEXTS.items()]
    file.write_text("\n".join(map(json.dumps, records)))
    assistant = open_hashed(store_path)
    assistant.ingest([file])
    return assistant


@pytest.mark.parametrize(
    ("question", "sought"),
    [
        ("Why could the thrift shop in Winterswijk keep the money?", {"winterswijk"}),
        ("What does Putin say about the ban and the state?", {"putin", "poetin"}),
    ],
)
def test_the_names_of_a_foreign_question_tell_what_it_is_about(
    dutch: Assistant, question: str, sought: set[str]
) -> None:
    assert telling(dutch, question) == sought


@pytest.mark.parametrize(
    ("question", "sought"),
    [
        ("Wat wil Poetin in Winterswijk?", {"poetin", "winterswijk"}),
        ("How large is the army of Russia?", {"army", "russia", "rusland"}),  # in every article
        ("How large was the harvest?", {"large", "harvest"}),
    ],
)
def test_all_words_count_where_names_tell_nothing(
    dutch: Assistant, question: str, sought: set[str]
) -> None:
    assert sought <= telling(dutch, question)


def telling(assistant: Assistant, question: str) -> set[str]:
    view, asked = assistant.archive.view(), understand(question)
    assert view is not None
    found = telling_terms(view, asked.terms, asked.name_terms)
    return {each for term in found for each in term.alternatives}


def test_a_place_is_found_by_its_name_in_another_language(dutch: Assistant) -> None:
    asked = understand("Wat gebeurt er in Ukraine?")
    assert any({"ukraine", "oekraine"} <= set(term.alternatives) for term in asked.terms)
    found = {p.article.id for p in dutch.search("Ukraine", limit=4) if p.lexical > 0}
    assert found == {"duel", "poetin"}


def test_an_english_question_finds_what_its_name_is_in(dutch: Assistant) -> None:
    first = dutch.search("Who talked in Winterswijk about a truce in the winter?", limit=1)
    assert first[0].article.id == "duel"
