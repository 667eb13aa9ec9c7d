"""Facts that only a headline states, asked of the real reader, and the same facts in texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from index_store.local import LocalStore
from qa.answer.records import Answer
from qa.archive import Archive
from qa.assistant import Assistant
from qa.models.encoder import SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import TrainedReader
from qa.web.page.render import parts
from tests.paths import DATA

ARTICLES = [json.loads(line) for line in (DATA / "headlines.jsonl").read_text("utf-8").splitlines()]
BURNT = "Hoeveel gewonden vielen er bij de brand in hotel Zeezicht?"
TITLE = "Vijf gewonden bij brand in hotel Zeezicht in Oostkerk"
Opening = Callable[[Sequence[dict[str, Any]]], Assistant]


@pytest.fixture(scope="module")
def opening(
    encoder: SentenceEncoder, reader: TrainedReader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opening]:
    """Archives of the articles given, with the real models."""
    opened: list[Assistant] = []

    def open_over(articles: Sequence[dict[str, Any]]) -> Assistant:
        folder = tmp_path_factory.mktemp("krant")
        lines = [
            json.dumps({name: each[name] for name in ("id", "date", "title", "text")})
            for each in articles
        ]
        (folder / "krant.jsonl").write_text("\n".join(lines), encoding="utf-8")
        models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: reader)
        opened.append(Assistant(Archive(LocalStore(folder / "store", create=True), models)))
        opened[-1].ingest([folder / "krant.jsonl"])
        return opened[-1]

    yield open_over
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def headlines(opening: Opening) -> Assistant:
    return opening(ARTICLES)


def article(title: str, text: str) -> dict[str, Any]:
    return {"id": "zeezicht", "date": "2022-08-03", "title": title, "text": text}


def is_right(answer: Answer, expected: dict[str, Any]) -> bool:
    if "answer" not in expected:
        return answer.abstained
    if answer.abstained or answer.citations[0].field != expected["field"]:
        return False
    said = answer.answer or answer.citations[0].quote
    return bool(expected["answer"].lower() in said.lower())


@pytest.mark.parametrize(
    ("part", "field", "right", "of"),
    [
        ("dev", "title", 6, 6),
        ("dev", "text", 6, 6),
        ("dev", None, 7, 7),
        ("test", "title", 6, 7),
        ("test", "text", 6, 7),
        ("test", None, 7, 8),
    ],
)
def test_headlines_answer_what_only_they_state(
    part: str, field: str | None, right: int, of: int, headlines: Assistant
) -> None:
    asked = [
        each
        for found in ARTICLES
        for each in found["questions"]
        if found["part"] == part and each.get("field") == field
    ]
    answers = [headlines.ask(each["question"]) for each in asked]
    assert len(asked) == of
    assert sum(map(is_right, answers, asked)) >= right
    for citation in (each for answer in answers for each in answer.citations):
        stored = headlines.article(citation.article.id)
        quoted = getattr(stored, citation.field)
        assert quoted[citation.start : citation.end] == citation.quote
        assert citation.field == "text" or citation.quote == citation.article.title


def test_a_headline_is_named_as_one(headlines: Assistant) -> None:
    answer = headlines.ask(BURNT)
    [citation] = answer.citations
    assert (citation.field, citation.quote, citation.start) == ("title", TITLE, 0)
    assert citation.to_dict()["field"] == "title"
    assert TITLE[citation.answer_start : citation.answer_end] == answer.answer == "Vijf gewonden"
    assert answer.text == (
        f"Vijf gewonden [1]\nVolgens de kop van een artikel (3 augustus 2022): “{TITLE}” [1]"
    )
    english = headlines.ask("How many people were injured in the fire at hotel Zeezicht?")
    assert f"According to the headline of an article (3 August 2022): “{TITLE}”" in english.text


def test_the_text_is_quoted_where_it_says_the_same(opening: Opening) -> None:
    told = "Bij een brand in hotel Zeezicht in Oostkerk vielen woensdagavond vijf gewonden."
    answer = opening([article(TITLE, f"{told} Het vuur ontstond in de keuken.")]).ask(BURNT)
    assert {each.field for each in answer.citations} == {"text"}
    assert answer.citations[0].quote == told


def test_a_text_that_is_less_clear_is_quoted_beside_the_headline(opening: Opening) -> None:
    """Both places begin at 0, and are not taken for one."""
    text = "In Oostkerk was dinsdag brand in het hotel. Het vuur ontstond in de keuken."
    answer = opening([article(TITLE, text)]).ask("In welke plaats staat hotel Zeezicht?")
    assert answer.answer == "Oostkerk"
    assert [(each.field, each.start, each.agrees) for each in answer.citations] == [
        ("title", 0, True),
        ("text", 0, True),
    ]


def test_a_title_that_the_text_repeats_is_no_title(opening: Opening) -> None:
    """It is read with the text, as a heading of it."""
    answer = opening([article(TITLE, f"{TITLE}\n\nHet vuur ontstond in de keuken.")]).ask(BURNT)
    assert {each.field for each in answer.citations} <= {"text"}


@pytest.mark.parametrize(
    "title",
    [
        f"<script>alert(1)</script> {TITLE}",
        f"**{TITLE}** [klik](javascript:alert(1))",
        f"{TITLE}\nHet vuur laaide op",
        f"\x1b[2J\u202e{TITLE}",
    ],
)
def test_a_hostile_title_is_quoted_as_it_is(title: str, opening: Opening) -> None:
    assistant = opening([article(title, "Het vuur ontstond rond half tien in de keuken.")])
    answer = assistant.ask(BURNT)
    assert "Vijf gewonden" in str(answer.answer)  # a control character may cling to it
    stored = assistant.article("zeezicht")
    assert stored is not None
    assert answer.citations[0].quote == stored.title


@pytest.mark.parametrize("title", [None, "", " \n "])
def test_articles_without_a_title_do_no_harm(title: str | None, opening: Opening) -> None:
    found = article("", "Het vuur ontstond rond half tien in de keuken.") | {"title": title}
    answer = opening([found]).ask(BURNT)
    assert answer.abstained


def test_the_page_opens_a_headline_without_a_marked_place(headlines: Assistant) -> None:
    answer = headlines.ask(BURNT)
    *_, shown = parts(answer, {})
    [quote] = shown["quotes"]
    assert (quote["headline"], quote["start"], quote["end"]) == (True, 0, 0)
    assert quote["marked"] == ["", "Vijf gewonden", TITLE.removeprefix("Vijf gewonden")]
    assert (quote["before"], quote["after"]) == ("", "")
    *_, shown = parts(headlines.ask("Waar zijn de gasten van hotel Zeezicht opgevangen?"), {})
    assert not shown["quotes"][0]["headline"]
    assert shown["quotes"][0]["before"]


def test_nothing_is_suggested_that_only_a_headline_answers(headlines: Assistant) -> None:
    assert BURNT not in headlines.suggest(headlines.ask(BURNT))
