"""Questions to go on with: what they ask for, and that the archive is seen to answer them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer.records import Answer
from qa.answer.suggestions import SuggestionPlace, suggest
from qa.answer.suggestions.candidates import find_candidates
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.question.followup import resolve


def add(assistant: Assistant, folder: Path, **texts: str) -> SuggestionPlace:
    """Put articles in the archive; return the beginning of the first."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    assistant.ingest([folder])
    article = assistant.article(next(iter(texts)))
    assert article is not None
    return SuggestionPlace(article, 0)


DUTCH = {
    "NAVO-chef Jens Stoltenberg sprak.": [("Wie is Jens Stoltenberg?", "NAVO-chef")],
    "Dat weet Maxim Starchak, een expert op dat gebied.": [("Wie is Maxim Starchak?", "expert")],
    "Volgens Ursula von der Leyen, voorzitter van de Commissie, kan het.": [
        ("Wie is Ursula von der Leyen?", "voorzitter")
    ],
    "„Nee”, zegt Hans Kristensen.": [("Wat zei Hans Kristensen?", "„Nee”, zegt Hans Kristensen.")],
    "De Organisatie voor Veiligheid (OVSE) telde.": [("Waar staat OVSE voor?", "Organisatie")],
    "Er staan 1.912 Russische kernwapens.": [
        ("Hoeveel Russische kernwapens worden er genoemd?", "1.912")
    ],
    "Het kostte 2 miljoen woningen.": [],  # a single figure may be anything
    "Wel 20 miljoen woningen.": [("Hoeveel woningen worden er genoemd?", "20")],
    "Dat zei de woordvoerder van het Witte Huis volgens CNN.": [],
    "De Verenigde Staten zei nee.": [],
    "In 2022 kregen zij wapens. Het duurde 24 uren. Het kostte 100 euro's.": [],
    "Het was de brug waar 45 man uitkwamen, en 45 miljoen euro's.": [],
    "De man (ja) lachte met de anderen (OVSE).": [],
    "NAVO-chef Jens Stoltenberg, VN-chef António Guterres en anderen.": [
        ("Wie is Jens Stoltenberg?", "NAVO-chef"),
        ("Wie is António Guterres?", "VN-chef"),
    ],
    "x" * 600 + " zegt Hans Kristensen.": [],
}
ENGLISH = {
    "President Joe Biden left.": [("Who is Joe Biden?", "President")],
    "No, said Hans Kristensen, director of a project.": [
        ("Who is Hans Kristensen?", "director"),
        ("What did Hans Kristensen say?", "No, said Hans Kristensen, director of a project."),
    ],
    "The Arms Control Association (ACA) wrote.": [("What does ACA stand for?", "Arms")],
    "There are 100,000 tanks.": [("How many tanks are mentioned?", "100,000")],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (language, text, expected)
        for language, table in (("nl", DUTCH), ("en", ENGLISH))
        for text, expected in table.items()
    ],
)
def test_what_a_sentence_says_is_asked_for(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = list(find_candidates(text, written=language, asked=language))
    assert [(each.question, text[each.start : each.end]) for each in found] == expected
    for each in found:
        assert not resolve(each.question, [("Wie is Macron?", "de president")]).leans


def test_the_question_is_in_the_language_of_the_one_who_asks() -> None:
    text = "„Er staan 100 tanks”, zegt Hans Kristensen, directeur van een project."
    found = [each.question for each in find_candidates(text, written="nl", asked="en")]
    assert found == ["Who is Hans Kristensen?", "What did Hans Kristensen say?"]


def test_the_seeds_suggest_what_the_reader_answers(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Wat zegt Hans Kristensen?")
    suggested = seed_assistant.suggest(answer, limit=2)
    assert 1 <= len(suggested) <= 2
    assert not any("Kristensen" in question for question in suggested)
    for question in suggested:
        again = seed_assistant.ask(question)
        assert again.citations[0].article.id in {each.article.id for each in answer.citations}


def test_what_is_answered_elsewhere_or_not_at_all_is_not_offered(
    assistant: Assistant, tmp_path: Path
) -> None:
    text = "„Er staan tanks bij Brjansk”, zegt Hans Kristensen."
    place = add(assistant, tmp_path, a=text, b="Over Hans Kristensen is niets bekend.")
    elsewhere = assistant.ask("Over wie is niets bekend?")
    nowhere = assistant.ask("Wie componeerde de opera Aida?")
    assert elsewhere.citations[0].article.id != place.article.id
    assert not nowhere.citations

    def offered(answer: Answer) -> list[str]:
        return suggest(lambda _: answer, [place], language="nl", limit=3)

    here = assistant.ask("Wat zei Hans Kristensen over tanks bij Brjansk?")
    assert offered(here) == ["Wat zei Hans Kristensen?"]
    assert offered(elsewhere) == []
    assert offered(nowhere) == []


def test_nothing_is_asked_about_twice_and_no_more_than_wanted(
    assistant: Assistant, tmp_path: Path
) -> None:
    names = ("Hans Kristensen", "Jake Sullivan", "Oleksi Danilov")
    text = "\n\n".join(
        f"„Er staan tanks en andere wagens langs de grens met dat land”, zegt {name}."
        for name in names
    )
    place = replace(add(assistant, tmp_path, a=text), at=len(text))
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return assistant.ask(question)

    def offered(limit: int, *before: str) -> list[str]:
        return suggest(ask, [place], language="nl", limit=limit, asked=before)

    whole = [f"Wat zei {name}?" for name in reversed(names)]  # the nearest first
    assert offered(3) == whole
    assert asked == whole
    assert offered(1) == whole[:1]
    assert offered(3, "Wie is Sullivan?") == [whole[0], whole[2]]
    assert offered(3, "Wie zag de bal van Danilovs vallen?") == whole  # another word


def test_an_empty_archive_and_bad_values(assistant: Assistant) -> None:
    assert assistant.suggest() == []
    answer = assistant.ask("Wie is dat?")
    assert assistant.suggest(answer) == []
    with pytest.raises(SettingsError, match="sources"):
        assistant.suggest(sources="NRC")
    with pytest.raises(SettingsError, match="'de'"):
        assistant.suggest(language="de")
    for limit in (0, -1, "x"):
        with pytest.raises(SettingsError, match="limit"):
            assistant.suggest(limit=limit)  # type: ignore[arg-type]
