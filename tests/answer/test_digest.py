"""Broad questions: digests of quotes, descriptions of names, small talk, and true abstentions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index_store.records import Article
from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.text.phrases import phrase
from tests.conftest import open_hashed
from tests.store_building import make_article

POETIN = """
Wat zei Poetin over Wit-Rusland? | Poetin
What did Putin say about Belarus? | Poetin
Wat vindt China van de plaatsing? | Chinese ministerie
Wat zei Danilov? | Danilov
"""


@pytest.mark.parametrize("line", POETIN.strip().splitlines())
def test_only_the_asked_speaker_is_quoted(seed_assistant: Assistant, line: str) -> None:
    question, speaker = (part.strip() for part in line.split("|"))
    answer = seed_assistant.ask(question)
    assert answer.kind == "report"
    assert answer.citations
    assert all(speaker in citation.quote for citation in answer.citations)
    check(answer)


@pytest.mark.parametrize(
    ("question", "least"),
    [
        ("troepen", 4),
        ("Soerovikin", 2),
        ("Wat is er bekend over de kernwapens in Belarus?", 4),
        ("Geef een overzicht van de troepenopbouw", 3),
        ("Vat samen wat er in december 2021 gebeurde", 2),
        ("What does Russia want from NATO?", 1),
    ],
)
def test_a_digest_spans_time_and_repeats_nothing(
    seed_assistant: Assistant, question: str, least: int
) -> None:
    answer = seed_assistant.ask(question)
    assert least <= len(answer.citations) <= 6
    assert answer.answer is None
    assert answer.lead
    assert answer.text.startswith(answer.lead)
    assert len({citation.quote for citation in answer.citations}) == len(answer.citations)
    first_days = [each.article.published.first for each in answer.citations[1:]]
    known = [day for day in first_days if day]
    assert known == sorted(known)
    check(answer)


@pytest.mark.parametrize(
    ("question", "described"),
    [
        ("Wie is Kamala Harris?", "De Amerikaanse vicepresident"),
        ("Wat is het ISW?", "Institute for the Study of War"),
        ("Who is Hans Kristensen?", "directeur"),
    ],
)
def test_a_name_is_described_in_the_words_beside_it(
    seed_assistant: Assistant, question: str, described: str
) -> None:
    answer = seed_assistant.ask(question)
    assert answer.kind == "who"
    assert answer.answer is not None
    assert described in answer.answer
    assert all(
        question.rsplit(maxsplit=1)[-1].rstrip("?") in each.quote for each in answer.citations
    )
    check(answer)


def test_a_name_that_no_article_holds_is_said_to_be_unknown(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Wat vindt Wopke Hoekstra van de troepenopbouw?")
    assert answer.abstained
    assert answer.reason == phrase("unknown_name", "nl", names="“Wopke Hoekstra”")
    # In another language the name may be another one.
    english = seed_assistant.ask("What does Wopke Hoekstra think of the troops?")
    assert not english.abstained or "Hoekstra" not in (english.reason or "")


def test_no_answer_is_no_claim_about_the_whole_archive(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Hoeveel kernwapens heeft Pakistan volgens president Biden?")
    if answer.abstained and answer.reason == phrase("no_answer", "nl"):
        assert answer.text.startswith(phrase("no_literal_answer", "nl"))


def test_dutch_articles_that_name_who_an_english_question_names_are_not_denied(
    seed_assistant: Assistant,
) -> None:
    answer = seed_assistant.ask("How did Ukraine react to the deployment?")
    assert answer.reason != phrase("nothing_near", "en")
    other = seed_assistant.ask("Who won the hockey match in Amstelveen?")
    assert other.reason == phrase("nothing_near", "en")


def test_a_speaker_who_says_nothing_is_given_no_words_of_others(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Wat zei Biden over de troepen?")
    assert all("Biden" in citation.quote for citation in answer.citations)
    assert not any("Sullivan" in citation.quote for citation in answer.citations)


def test_who_speaks_for_a_country_answers_for_it(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Hoe reageerde Oekraïne op de plaatsing?")
    assert "nucleair gegijzeld" in answer.citations[0].quote
    check(answer)


def test_a_digest_is_as_sure_as_the_reader_unless_all_is_asked_for(
    seed_assistant: Assistant,
) -> None:
    sure, unsure, topic = (
        seed_assistant.ask(each).confidence
        for each in (
            "Wat zei Poetin over Wit-Rusland?",
            "Hoe reageerde Oekraïne op de plaatsing?",
            "kernwapens",
        )
    )
    assert topic > sure > unsure


NEWS = """Wethouder Mirthe Kolk van Polderlijst had op vier zetels gerekend. Haar partij haalde er
negen in de raad van Oosterdijk. ‘Ik heb de uitslag drie keer nagelezen’, zei ze na middernacht.
Verslagen verliet Teun Prins de zaal."""


@pytest.fixture
def council(seed_assistant: Assistant, store_path: Path) -> Iterator[Assistant]:
    (store_path.parent / "raad.txt").write_text(NEWS.replace("\n", " "), encoding="utf-8")
    with Assistant.open(store_path, create=True, models=seed_assistant.archive.models) as assistant:
        assistant.ingest([store_path.parent / "raad.txt"])
        yield assistant


@pytest.mark.parametrize(
    "question",
    [
        "Wat zei Mirthe Kolk over de uitslag?",
        "Hoe reageerde Mirthe Kolk op de winst van Polderlijst?",
        "Wat zei wethouder Kolk?",
    ],
)
def test_words_behind_a_pronoun_are_the_speakers(council: Assistant, question: str) -> None:
    answer = council.ask(question)
    assert answer.citations[0].quote.startswith("‘Ik heb de uitslag drie keer nagelezen’")
    check(answer)


def test_whoever_is_named_beside_the_topic_does_not_speak_of_it(council: Assistant) -> None:
    answer = council.ask("Wat zei Teun Prins over de uitslag?")
    assert answer.abstained
    assert answer.reason == phrase("no_answer", "nl")


@pytest.mark.parametrize("said", ["hallo", "Dank je!", "help", "Wat kun je?"])
def test_small_talk_is_met_with_examples_of_this_archive(
    seed_assistant: Assistant, said: str
) -> None:
    answer = seed_assistant.ask(said)
    assert answer.kind == "talk"
    assert not answer.abstained
    assert not answer.citations
    assert not answer.passages
    assert answer.lead is not None
    assert answer.lead.count("?") >= 1


ARTICLES = (
    make_article("a/1", "De minister van Financiën, Bas Kuiper, presenteerde de begroting."),
    make_article("a/2", "Ilse Claes zei dat de brug dicht blijft. Bas Kuiper zweeg."),
)


@pytest.fixture
def small(store_path: Path) -> Iterator[Assistant]:
    with open_hashed(store_path) as assistant:
        (store_path.parent / "in").mkdir()
        for article in ARTICLES:
            write(store_path.parent / "in", article)
        assistant.ingest([store_path.parent / "in"])
        yield assistant


def write(folder: Path, article: Article) -> None:
    (folder / f"{article.id.replace('/', '-')}.txt").write_text(article.text, encoding="utf-8")


def test_another_person_in_the_same_article_is_not_the_speaker(small: Assistant) -> None:
    assert [each.quote for each in small.ask("Wat zei Ilse Claes?").citations] == [
        "Ilse Claes zei dat de brug dicht blijft."
    ]


@pytest.mark.parametrize("asked", ["Wie is {}?", "Wat is er bekend over {}?", "{}"])
def test_a_digest_of_a_full_name_quotes_no_other_of_the_first_name(
    seed_assistant: Assistant, asked: str
) -> None:
    answer = seed_assistant.ask(asked.format("Sergej Soerovikin"))
    assert answer.citations
    assert all("Soerovikin" in each.quote for each in answer.citations)


STORMS = (
    make_article("s/1", "Storm Gerlinde raasde over het land. De storm eiste een leven."),
    make_article("s/2", "In de storm van 1976 verging een kotter. Die storm duurde drie dagen."),
    make_article("s/3", "De storm was de zwaarste in jaren.", title="Storm Gerlinde: de stand"),
)


def test_a_digest_on_something_with_a_name_leaves_out_articles_that_do_not_name_it(
    store_path: Path,
) -> None:
    with open_hashed(store_path) as assistant:
        (store_path.parent / "in").mkdir()
        for article in STORMS:
            text = f"{article.title}\n\n{article.text}" if article.title else article.text
            write(store_path.parent / "in", replace(article, text=text))
        assistant.ingest([store_path.parent / "in"])
        answer = assistant.ask("storm Gerlinde")
    assert {each.article.id for each in answer.citations} == {"s-1", "s-3"}


def test_talk_over_an_empty_archive(store_path: Path) -> None:
    with open_hashed(store_path) as assistant:
        answer = assistant.ask("hallo")
    assert (answer.lead, answer.abstained) == (phrase("talk", "nl"), False)


def check(answer: Answer) -> None:
    for each in answer.citations:
        assert each.article.text[each.start : each.end] == each.quote
