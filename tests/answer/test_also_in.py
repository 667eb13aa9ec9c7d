"""A quote names the near copies of its article that say the same words."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

from index_store.records import EVERYTHING, ArticleFilter, Chunk, DateRange
from qa.answer.also_in import also_in
from qa.answer.composer import cite
from qa.assistant import Assistant
from qa.retrieval.passage import Passage
from tests.conftest import open_hashed

FIRST = "Wethouder Ada Blok sprak woensdag in Oostkerk van een historisch besluit."
REST = (
    "De gemeenteraad stemde in met de bouw van een nieuwe sluis bij de Zuiddijk, die 41 miljoen "
    "euro kost en waarvan de bouw volgend voorjaar begint. Tegenstanders vrezen voor de "
    "weidevogels in de polder en stappen naar de rechter."
)
ROWS = (
    ("blad", 15, "Het Polderblad", f"{FIRST} {REST}"),
    ("bode", 16, "De Dijkbode", f"(ANP) - {FIRST}\n{REST}"),
    ("slip", 16, "De Courant", f"{FIRST} {REST.replace('41', '14')}"),
    ("kort", 17, "Het Weekblad", f"{FIRST} {REST.partition('. ')[0]}."),
    ("wrap", 18, "De Krant", f"{FIRST} {REST}".replace(" miljoen euro", " miljoen\neuro")),
    ("ander", 15, "De Krant", "De brug bij Steenhoek blijft tot april dicht, zegt de provincie."),
)


def filled(folder: Path) -> Assistant:
    lines = [
        json.dumps({"id": key, "date": f"2022-06-{day}", "source": source, "text": text})
        for key, day, source, text in ROWS
    ]
    opened = open_hashed(folder / "store")
    opened.ingest(stream=io.BytesIO("\n".join(lines).encode()))
    return opened


def places(assistant: Assistant, quote: str, only: ArticleFilter = EVERYTHING) -> list[str]:
    article = assistant.article("blad")
    view = assistant.archive.view()
    assert article is not None
    assert view is not None
    start = article.text.index(quote)
    chunk = Chunk(article.id, start, start + len(quote), quote)
    citation = cite(1, Passage(chunk, article, 0.0, 0.0, 0.0, 1), start, start + len(quote))
    return [each.article.id for each in also_in(view, [citation], only)]


def test_copies_that_say_the_same_words_are_named_and_others_are_not(tmp_path: Path) -> None:
    with filled(tmp_path) as assistant:
        assert places(assistant, FIRST) == ["bode", "slip", "kort", "wrap"]
        bound = "die 41 miljoen euro kost"
        assert places(assistant, bound) == ["bode", "kort", "wrap"]
        assert places(assistant, "stappen naar de rechter.") == ["bode", "slip", "wrap"]


def test_a_copy_that_may_not_take_part_is_not_named(tmp_path: Path) -> None:
    until = ArticleFilter(DateRange(None, date(2022, 6, 16)))
    with filled(tmp_path) as assistant:
        assert places(assistant, FIRST, until) == ["bode", "slip"]
        assert places(assistant, FIRST, ArticleFilter(sources=("De Krant",))) == ["wrap"]


def test_an_answer_tells_the_copies_of_what_it_quotes(tmp_path: Path) -> None:
    with filled(tmp_path) as assistant:
        answer = assistant.ask("Hoeveel artikelen gaan over de sluis?")
    assert answer.citations[0].article.id == "blad"
    told = answer.to_dict()["also_in"]
    assert {each["citation"] for each in told} == {1}
    assert told[0] == {
        "citation": 1,
        "article_id": "bode",
        "title": None,
        "source": "De Dijkbode",
        "published": told[0]["published"],
    }
