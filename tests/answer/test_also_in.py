"""A quote names the near copies of its article that say the same words."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from index_store.records import EVERYTHING, ArticleFilter, Chunk, DateRange
from qa.answer.also_in import also_in, named_places
from qa.answer.composer import cite
from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.retrieval.passage import Passage
from qa.web.page.render import parts
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


def test_an_exact_duplicate_is_named_with_the_copies(tmp_path: Path) -> None:
    same = {"id": "zelfde", "date": "2022-06-15", "source": "De Avondbode", "text": ROWS[0][3]}
    with filled(tmp_path) as assistant:
        assistant.ingest(stream=io.BytesIO(json.dumps(same).encode()))
        answer = assistant.ask("Hoeveel artikelen gaan over de sluis?")
        bound = assistant.ask("Hoeveel artikelen gaan over de sluis?", sources=["Het Polderblad"])
    (first, *_) = answer.citations
    named = [each.article.source for each in named_places(answer, first)]
    assert named[:2] == ["De Avondbode", "De Dijkbode"]
    assert [each["source"] for each in render_quotes(answer)[0]["copies"]] == named
    assert render_quotes(answer)[0]["copies"][0]["article"] == "blad"  # it opens the same article
    assert named_places(bound, bound.citations[0]) == ()


def render_quotes(answer: Answer) -> list[dict[str, Any]]:
    *_, whole = parts(answer, {})
    quotes: list[dict[str, Any]] = whole["quotes"]
    return quotes
