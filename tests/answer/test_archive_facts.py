"""Questions about the archive itself, over a made archive of which every count is known."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.exports import export, save, verify
from qa.question.kind import AnswerKind
from tests.conftest import open_hashed
from tests.exports.text_suffixes import TEXTS
from tests.page_serving import HOSTILE
from tests.paths import DATA

ARTICLES = DATA / "archive_articles.jsonl"
QUESTIONS = [
    json.loads(line)
    for line in (DATA / "archive_questions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_hashed(tmp_path_factory.mktemp("made") / "store") as opened:
        opened.ingest([ARTICLES])
        yield opened


def fill(assistant: Assistant, *articles: dict[str, Any]) -> Assistant:
    lines = "\n".join(json.dumps(article) for article in articles)
    assistant.ingest(stream=io.BytesIO(lines.encode()))
    return assistant


def lead(answer: Answer) -> str:
    assert answer.kind is AnswerKind.ARCHIVE
    assert not answer.abstained
    assert answer.lead
    return " ".join(answer.lead.split())


@pytest.mark.parametrize(("split", "least"), [("dev", 197), ("test", 16)])
def test_labelled_questions_are_counted_right(archive: Assistant, split: str, least: int) -> None:
    right = []
    for row in QUESTIONS:
        if row["split"] != split:
            continue
        answer = archive.ask(row["question"])
        told = answer.lead or ""
        if set(answer.articles) == set(row["articles"]) and all(say in told for say in row["says"]):
            right.append(row["id"])
    assert len(right) >= least


MEASURES = [
    ("Hoeveel artikelen gaan over walvissen?", "2 artikelen bevatten “walvissen”."),
    ("How many articles mention Hagendoorn?", "4 articles contain “Hagendoorn”."),
    ("Hoeveel artikelen gaan over kernafval?", "1 artikel bevat “kernafval”."),
    ("How many articles mention Borssele?", "1 article contains “Borssele”."),
    ("Hoeveel artikelen zijn er?", "Er zijn 25 artikelen."),
    ("How many articles are there?", "There are 25 articles."),
    ("Welke kranten schreven over de brug?", "2 bronnen: Rijnbode (2), De Kustpost (1)."),
    ("Which papers reported on Gouda?", "1 source: Rijnbode (4)."),
    ("Wanneer verscheen het eerste stuk over de brug?", "Het eerste is van 4 maart 2021: “Brug"),
    ("When was Hagendoorn last mentioned?", "The last is of 20 March 2023: “Farmers' party"),
    ("Wie schreef over vuurwerk?", "Geschreven door: Karim el Amrani (1), Noor Vismans (1)."),
    ("Who wrote about the wind farm?", "Written by: Ellen Price (1)."),
    ("Wie schreef over het lerarentekort?", "Bij geen daarvan staat een schrijver."),
    ("Who wrote about energy bills?", "None of them names an author."),
    ("Over welke periode gaat dit archief?", "Ze verschenen van 4 maart 2021 tot en met"),
    ("What period does this archive cover?", "They appeared from 4 March 2021 to"),
    ("Waar gaat dit archief over?", "De meeste noemen: Den Helder (7)"),
    ("What is this archive about?", "Most name: Den Helder (7)"),
    ("Zijn er artikelen over Ajax?", "Geen artikel bevat “Ajax”."),
    ("Do you have any articles on Brussels?", "No article contains “Brussels”."),
]


@pytest.mark.parametrize(("question", "expected"), MEASURES)
def test_each_measure_is_told(archive: Assistant, question: str, expected: str) -> None:
    answer = archive.ask(question)
    assert expected in lead(answer)
    assert answer.count in {len(answer.articles), 1, 2, 3}
    assert answer.confidence == 1.0
    assert answer.answer is None


def test_the_rule_and_the_list_behind_a_count_are_given(archive: Assistant) -> None:
    answer = archive.ask("Hoeveel artikelen gaan over stikstof?")
    assert lead(answer).endswith("in deze vormen: stikstof, stikstofbeleid.")
    assert (answer.count, answer.articles) == (2, ("a07", "a08"))
    assert [citation.article.id for citation in answer.citations] == ["a07", "a08"]
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
        assert "stikstof" in citation.quote
        assert f"“{citation.quote}” [{citation.number}]" in answer.text


def test_sources_are_counted_where_these_are_asked_for(archive: Assistant) -> None:
    answer = archive.ask("Hoeveel kranten schreven over Den Helder?")
    assert (answer.count, len(answer.articles)) == (2, 7)


def test_what_may_explain_that_nothing_is_found_is_told(archive: Assistant) -> None:
    apart = archive.ask("Hoeveel artikelen gaan over vuurwerk in Zwolle?")
    assert "Apart komen ze wel voor: vuurwerk (2), Zwolle (2)." in lead(apart)
    assert (apart.count, apart.articles, apart.citations) == (0, (), ())
    other = archive.ask("How many articles are about whales?")
    assert "Most articles are in Dutch; ask with a word of that language." in lead(other)


def test_a_period_of_the_question_and_given_bounds_hold(archive: Assistant) -> None:
    march = archive.ask("Hoeveel artikelen noemen Den Helder in maart 2022?")
    assert march.articles == ("a08", "a09")
    assert "maart 2022" in lead(march)
    none = archive.ask("Hoeveel artikelen noemen Den Helder in april 2022?")
    assert none.count == 0
    question = "Hoeveel artikelen noemen Den Helder?"
    given: list[tuple[dict[str, Any], list[str]]] = [
        ({"since": date(2022, 10, 1)}, ["a15", "a18"]),
        ({"until": date(2021, 6, 1)}, ["a03"]),
        ({"as_of": date(2021, 8, 3)}, ["a03", "a04"]),
        ({"sources": ["Harbour Gazette"]}, ["a05", "a09", "a15"]),
        ({"authors": ["Teun Abrahams"]}, ["a03", "a04"]),
        ({"languages": ["en"], "until": date(2021, 12, 31)}, ["a05"]),
    ]
    for bounds, expected in given:
        answer = archive.ask(question, **bounds)
        assert list(answer.articles) == expected, bounds
        assert answer.count == len(expected)
        assert {each.article.id for each in answer.citations} <= set(expected)


def test_counts_stand_in_json_beside_what_was_there(archive: Assistant) -> None:
    shape = archive.ask("Hoeveel artikelen gaan over stikstof?").to_dict()
    assert (shape["count"], shape["articles"]) == (2, ["a07", "a08"])
    assert json.loads(json.dumps(shape)) == shape
    plain = archive.ask("Welke ramp trof de garnalenvisserij?").to_dict()
    assert (plain["count"], plain["articles"]) == (None, [])
    assert list(plain) == list(shape)


BOUNDED = [
    ("Hoeveel artikelen schreef Noor Vismans?", "Noor Vismans: Er zijn 5 artikelen.", 5),
    ("How many articles by Ellen Price mention Hagendoorn?", "Ellen Price: 2 articles contain", 2),
    ("Hoeveel artikelen uit De Kustpost gaan over Texel?", "De Kustpost: 3 artikelen", 3),
    ("Hoeveel artikelen noemen Noor Vismans?", "Geen artikel bevat “Noor Vismans”.", 0),
    ("Hoeveel artikelen schreef Jan Jansen?", "Geen artikel bevat “Jan Jansen”.", 0),
    ("Hoeveel artikelen zijn er in Trouw verschenen?", "Geen artikel bevat “Trouw”.", 0),
    ("Hoeveel artikelen verschenen er op 3 maart 2022?", "3 maart 2022: Er is 1 artikel.", 1),
    ("Hoeveel artikelen verschenen er in 1990?", "1990: Geen artikel valt binnen de vraag.", 0),
]


@pytest.mark.parametrize(("question", "expected", "count"), BOUNDED)
def test_sources_authors_and_days_in_the_question_bound_what_is_counted(
    archive: Assistant, question: str, expected: str, count: int
) -> None:
    answer = archive.ask(question)
    assert expected in lead(answer)
    assert answer.count == len(answer.articles) == count


@pytest.mark.parametrize("suffix", TEXTS)
def test_answers_about_the_archive_are_exported_and_verified(
    archive: Assistant, tmp_path: Path, suffix: str
) -> None:
    asked = ("Hoeveel artikelen gaan over stikstof?", "Zijn er artikelen over Ajax?")
    path = tmp_path / f"antwoorden{suffix}"
    save(path, [archive.ask(question) for question in asked])
    assert verify(path, archive.article) == []


def test_an_empty_archive_says_so(assistant: Assistant) -> None:
    for question in ("Hoeveel artikelen zijn er?", "What is this archive about?"):
        answer = assistant.ask(question)
        assert answer.abstained
        assert (answer.count, answer.articles) == (None, ())


def test_nothing_is_invented_where_dates_and_authors_are_unknown(assistant: Assistant) -> None:
    undated = [
        {"id": name, "title": name, "text": f"De {name} ligt stil.", "source": "Krant"}
        for name in ("sluis", "molen")
    ]
    fill(assistant, *undated)
    first = assistant.ask("Wanneer verscheen het eerste stuk over de sluis?")
    assert "Van geen daarvan is bekend wanneer het verscheen." in lead(first)
    assert "Van geen daarvan is bekend" in lead(
        assistant.ask("Over welke periode gaat dit archief?")
    )
    assert "Bij geen daarvan staat een schrijver." in lead(
        assistant.ask("Wie schreef over de molen?")
    )
    assert assistant.ask("Hoeveel artikelen gaan over de molen in 2021?").count == 0


def test_what_is_not_certain_of_the_first_is_told(assistant: Assistant) -> None:
    fill(
        assistant,
        {"id": "a", "title": "Vroeg", "text": "De sluis lekt.", "date": "2021-03"},
        {"id": "b", "title": "Laat", "text": "De sluis is dicht.", "date": "2021-03-12"},
        {"id": "c", "title": "Ook", "text": "De molen draait.", "date": "2022-01-01"},
        {"id": "d", "title": "Weer", "text": "De molen staat.", "date": "2022-01-01"},
    )
    unsure = assistant.ask("Wanneer verscheen het eerste artikel over de sluis?")
    assert "Zeker is dat niet: de dagen overlappen met die van nog 1." in lead(unsure)
    same = assistant.ask("What is the last article about molen?")
    assert "1 more appeared on the same day." in lead(same)
    assert len(same.citations) == 2


def test_hostile_text_stays_plain(assistant: Assistant) -> None:
    article = {"id": "kwaad", "title": HOSTILE, "text": f"De sluis {HOSTILE}", "date": "2021-03-04"}
    fill(assistant, {**article, "author": "<b>Jan</b>", "source": "**Krant** [x](y)"})
    first = assistant.ask("Wanneer verscheen het eerste artikel over de sluis?")
    assert "<script>window.pwned = 1</script>" in lead(first)
    assert "<b>Jan</b> (1)" in lead(assistant.ask("Wie schreef over de sluis?"))
    assert "**Krant** [x](y) (1)" in lead(assistant.ask("Welke kranten schreven over de sluis?"))
    page = export([first], ".html")
    assert "<script>window.pwned" not in page


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        ("Hoeveel Engelse artikelen zijn er?", "en", "Engels: "),
        ("Hoeveel Nederlandstalige artikelen zijn er?", "nl", "Nederlands: "),
        ("Hoeveel artikelen zijn er in het Nederlands?", "nl", "Nederlands: "),
        ("How many articles are there in English?", "en", "English: "),
        ("How many Dutch articles are there?", "nl", "Dutch: "),
    ],
)
def test_the_language_of_articles_bounds_a_count(
    archive: Assistant, question: str, language: str, said: str
) -> None:
    answer = archive.ask(question)
    expected = {each.id for each in archive.articles() if each.language == language}
    assert set(answer.articles) == expected
    assert len(expected) >= 4
    assert lead(answer).startswith(said)


def test_a_language_in_a_name_bounds_nothing(archive: Assistant) -> None:
    answer = archive.ask("Hoeveel artikelen gaan over spelers in het Nederlands elftal?")
    assert not lead(answer).startswith("Nederlands: ")
    given = archive.ask("Hoeveel Engelse artikelen zijn er?", languages=["nl"])
    assert set(given.articles) == {each.id for each in archive.articles() if each.language == "nl"}
    assert not archive.ask("Hoeveel artikelen gaan over No Surrender?").abstained


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel artikelen gaan niet over de brug?",
        "Hoeveel artikelen gaan over de brug of de walvissen?",
        "How many articles do not mention Gouda?",
    ],
)
def test_what_cannot_be_counted_is_not_counted_wrongly(archive: Assistant, question: str) -> None:
    answer = archive.ask(question)
    assert answer.abstained
    assert (answer.count, answer.articles) == (None, ())


def test_near_copies_are_counted_apart(tmp_path: Path) -> None:
    text = "De gemeenteraad van Oostkerk stemde woensdag in met een nieuwe sluis bij de Zuiddijk, "
    text += "en wethouder Ada Blok sprak van een historisch besluit voor de hele polder."
    rows = [
        {
            "id": f"k{at}",
            "date": f"2022-06-{15 + at}",
            "source": source,
            "title": title,
            "text": body,
        }
        for at, (source, title, body) in enumerate(
            [
                ("Het Polderblad", "Raad stemt in", text),
                ("De Dijkbode", "Oostkerk krijgt sluis", f"(ANP) - {text}"),
                ("De Courant", "Sluis bij Steenhoek dicht", "De sluis bij Steenhoek is defect."),
            ]
        )
    ]
    with open_hashed(tmp_path / "store") as opened:
        answer = fill(opened, *rows).ask("Hoeveel artikelen gaan over de sluis?")
        english = opened.ask("How many articles are about the sluis?")
        (group,) = opened.copies()
    assert (answer.count, answer.clusters) == (3, 2)
    assert "3 artikelen bevatten “sluis”. Kopieën van één bericht als één geteld: 2." in lead(
        answer
    )
    assert "With copies of one report counted as one: 2." in lead(english)
    assert [each.article.id for each in answer.citations] == ["k0", "k2"]
    assert [each.id for each in group] == ["k0", "k1"]
    assert answer.to_dict()["clusters"] == 2


def test_without_near_copies_nothing_is_said_of_them(archive: Assistant) -> None:
    answer = archive.ask("Hoeveel artikelen gaan over walvissen?")
    assert answer.clusters == answer.count == 2
    assert "Kopieën" not in lead(answer)
