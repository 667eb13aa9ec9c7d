from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index_store.store import StoreView
from qa.answer.interpretation import understood
from qa.assistant import Assistant
from qa.question.respelled import Respelled
from qa.retrieval.spelling import respell
from tests.conftest import open_hashed

TEXTS = {
    "asiel": "Het azc in Vlissingen blijft vijf jaar open. Rond het azc waren drie arrestaties.",
    "fabriek": "Wethouder Bolle eist een plan. Ook een oud-wethouder en Truus Dhaese zeiden dat.",
    "trein": "Na de treinbotsing strandden honderd treinreizigers. Het Nieuw Verbond zweeg.",
    "foto": "De expositie telt twaalf foto's uit Oekraïne.",
}


@pytest.fixture
def view(store_path: Path, tmp_path: Path) -> Iterator[StoreView]:
    file = tmp_path / "a.jsonl"
    records = [{"id": key, "text": text, "language": "nl"} for key, text in TEXTS.items()]
    file.write_text("\n".join(map(json.dumps, records)))
    assistant = open_hashed(store_path)
    assistant.ingest([file])
    found = assistant.archive.view()
    assert found is not None
    yield found
    assistant.close()


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("hoevel arestaties in vlisingen", "hoeveel arrestaties in Vlissingen"),  # a letter twice
        ("Wanner blijtf het azc open?", "Wanneer blijft het azc open?"),  # too few, exchanged
        ("wat eist wethoder Bolle", "wat eist wethouder Bolle"),
        ("Wie is de voorzitter van Nieuw Verbont?", "Wie is de voorzitter van Nieuw Verbond?"),
        ("wat zei trus dheaese", "wat zei Truus Dhaese"),  # a name that no list has
        ("hoeveel treinreizgrs strandden er", "hoeveel treinreizigers strandden er"),  # two slips
        ("Wich town has the asylum centre?", "Which town has the asylum centre?"),
    ],
)
def test_a_misspelt_word_is_read_as_the_nearest_likely_one(
    view: StoreView, question: str, read: str
) -> None:
    respelled = respell(view, question)
    assert respelled.question == read
    changed = [each for each in question.rstrip("?").split() if each not in read.split()]
    assert [each.written for each in respelled.misspellings] == [
        each for each in changed if each.rstrip("?") not in read
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel arrestaties waren er in Vlissingen?",
        "Wie is Truus Dhaene?",  # perhaps another person: her name has six letters, but is wrong
        "wat kost een foto in oekraine",  # accents are no matter
        "hoe heet het treinbotsinkje",  # a word of its own, more than two slips away
        "Wat zei Bole?",  # names of few letters have too many others beside them
        "Wat zei 'de wethoder' over “vlisingen”?",  # in quotation marks: meant as it stands
        "Is de treinramp onderzocht?",  # a compound that the archive lacks, two slips away
        "",
    ],
)
def test_other_words_stay_as_they_are(view: StoreView, question: str) -> None:
    assert respell(view, question) == Respelled(question)


def test_a_question_of_unknown_words_alone_is_not_searched_word_by_word(view: StoreView) -> None:
    few, many = " ".join(["vlisingen"] * 8), " ".join(["vlisingen"] * 9)
    assert len(respell(view, few).misspellings) == 8
    assert respell(view, many) == Respelled(many)


def test_an_answer_tells_what_was_read_otherwise(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Vlissingen\n\n" + TEXTS["asiel"])
    assistant.ingest([tmp_path / "a.txt"])
    answer = assistant.ask("hoe lang blijft het azc vlisingen open?")
    assert answer.question == "hoe lang blijft het azc vlisingen open?"
    assert answer.to_dict()["misspellings"] == [{"written": "vlisingen", "read": "Vlissingen"}]
    told = "“vlisingen” is gelezen als “Vlissingen”."
    assert told in understood(answer)
    assert told in answer._repr_html_()
