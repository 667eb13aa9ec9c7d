from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.analysis.language import FUNCTION_WORDS
from qa.assistant import Assistant
from qa.question.followup import Standalone, Turn, resolve
from qa.question.followup.phrases import words_of
from tests.paths import DATA, SEEDS


def read(name: str) -> list[dict[str, Any]]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


ROWS = read("dialogues.jsonl")
VARIED = read("dialogues_2.jsonl")
NEVER_CARRIED = """
    de het een the a an wie wat waar wanneer waarom hoe hoeveel welk welke who what where when why
    how which geef noem vertel vat toon laat beschrijf give name tell list show describe summarise
    overzicht samenvatting overview summary hallo hello hoi dank bedankt dankjewel thanks thank
"""
MACRON: list[Turn] = [("Wie is Macron?", None)]


def resolved(row: dict[str, Any], **how: Any) -> Standalone:
    return resolve(row["question"], [(asked, answer) for asked, answer in row["history"]], **how)


def of_split(split: str) -> list[dict[str, Any]]:
    return [row for row in ROWS if row["split"] == split]


def test_the_dialogues_are_what_they_say() -> None:
    seeds = "".join(path.read_text(encoding="utf-8") for path in (SEEDS).glob("*.txt"))
    assert len(ROWS) >= 40
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert sum(not row["leans"] for row in ROWS) >= len(ROWS) / 4
    for row in ROWS:
        assert row["evidence"]
        assert all(evidence in seeds for evidence in row["evidence"])


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ("Wie is Emiel Kant?", "Wat zei hij daarover?", "Wat zei Emiel Kant?"),
        (
            "Wat zei Ilse Claes over de brug?",
            "Wat vond zij ervan?",
            "Wat vond Ilse Claes van brug?",
        ),
        ("Wat zei Ilse Claes over de brug?", "Dreigde ze daarmee?", "Dreigde Ilse Claes met brug?"),
        (
            "What did Emma Ray say about tax?",
            "What did she say about it?",
            "What did Emma Ray say about tax?",
        ),
        # Another person is meant, whom nobody has named.
        ("Wie is Emma Ray?", "Wat zei hij daarover?", "Wat zei hij daarover (Emma Ray)?"),
    ],
)
def test_a_person_and_a_thing_take_the_places_of_their_words(
    earlier: str, question: str, whole: str
) -> None:
    found = resolve(question, [(earlier, None)])
    assert found.question == whole
    assert found.leans
    assert resolve(question, [(earlier, None)], without=found.carried).question == question


@pytest.mark.parametrize("split", ["dev", "test"])
def test_leaning_questions_are_told_from_others_and_carry_their_subject(split: str) -> None:
    """All are right today, also the held-out half; one or two may be lost, no more."""
    rows = of_split(split)
    wrong = [row["id"] for row in rows if resolved(row).leans != row["leans"]]
    lost = [
        row["id"]
        for row in rows
        if row["leans"]
        for found in [resolved(row)]
        for carried in [" ".join([*found.carried, found.period_words or ""]).casefold()]
        if not all(words.casefold() in carried for words in row["carried"])
    ]
    assert len(wrong) <= 1, wrong
    assert len(lost) <= 2, lost


def content_words(text: str) -> set[str]:
    """What is said, without the words of either language that only join."""
    joining = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
    return {word.lower for word in words_of(text)} - joining


def test_the_varied_dialogues_are_what_they_say() -> None:
    assert len(VARIED) >= 166
    assert len({row["id"] for row in VARIED}) == len(VARIED)
    assert sum(not row["leans"] for row in VARIED) >= len(VARIED) / 3
    assert all(row["leans"] or row["standalone"] == row["question"] for row in VARIED)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_varied_questions_are_told_apart(split: str) -> None:
    """One of 82 is missed in the dev half; in the test half one, and one leans untruly, of 84."""
    rows = [row for row in VARIED if row["split"] == split]
    leaning = [row["id"] for row in rows if row["leans"]]
    found = [row["id"] for row in rows if resolved(row).leans]
    assert len(set(leaning) & set(found)) >= 0.96 * len(leaning)
    assert len(set(found) - set(leaning)) <= 0.04 * len(found)


@pytest.mark.parametrize(
    ("split", "carried_well", "as_wanted"), [("dev", 52, 46), ("test", 52, 40)]
)
def test_exactly_what_is_meant_is_carried(split: str, carried_well: int, as_wanted: int) -> None:
    """Today 53 of 54 and 47 of 47 in the dev half; 53 of 56 and 41 of 44 in the test half."""
    rows = [row for row in VARIED if row["split"] == split]
    exact, wanted = 0, 0
    for row in rows:
        found = resolved(row)
        said = " ".join([*found.carried, found.period_words or ""])
        missing = [words for words in row["carried"] if words.casefold() not in said.casefold()]
        beyond = content_words(said) - content_words(" ".join(row["carried"] + row["also"]))
        exact += row["leans"] and not missing and not beyond
        wanted += row["standalone"] == found.question
    assert exact >= carried_well
    assert wanted >= as_wanted


@pytest.mark.parametrize("row", [*ROWS, *VARIED], ids=lambda row: str(row["id"]))
def test_requests_greetings_articles_and_question_words_are_never_carried(
    row: dict[str, Any],
) -> None:
    for phrase in resolved(row).carried:
        words = [word.lower for word in words_of(phrase)]
        assert not {words[0], words[-1]}.intersection(NEVER_CARRIED.split()), phrase


def test_questions_that_were_asked_alone_lean_on_nothing() -> None:
    questions = [row["question"] for row in read("seed_questions.jsonl")]
    assert [question for question in questions if resolve(question, MACRON).leans] == []


def test_more_evidence_is_found_than_with_the_bare_question(seed_assistant: Assistant) -> None:
    """Among the first three passages, over the held-out half."""
    rows = [row for row in of_split("test") if row["leans"]]

    def found(question: str, row: dict[str, Any]) -> bool:
        passages = seed_assistant.search(question, limit=3)
        texts = [passage.chunk.text for passage in passages]
        return any(evidence in text for evidence in row["evidence"] for text in texts)

    resolving = sum(found(resolved(row).question, row) for row in rows)
    bare = sum(found(row["question"], row) for row in rows)
    assert resolving >= 0.75 * len(rows)
    assert resolving >= bare + 6


@pytest.mark.parametrize(
    ("question", "history", "expected"),
    [
        (
            "Welke bijnaam heeft hij?",
            [("Wie kreeg het bevel?", "Sergej Soerovikin")],
            "Welke bijnaam heeft Sergej Soerovikin?",
        ),
        (
            "En in februari?",
            [("Hoeveel troepen stonden er in december 2021 aan de grens?", "100.000")],
            "Hoeveel troepen stonden er in februari 2022 aan de grens?",
        ),
        (
            "And in March?",
            [("How many troops were there in December 2021?", None)],
            "How many troops were there in March 2022?",
        ),
        (
            "En in oktober?",
            [("Hoeveel troepen stonden er in december 2021 aan de grens?", None)],
            "Hoeveel troepen stonden er in oktober 2021 aan de grens?",
        ),
        (
            "En Biden?",
            [("Wat zei Scholz in Washington over Nord Stream 2?", None)],
            "Wat zei Biden in Washington over Nord Stream 2?",
        ),
        (
            "What about Scholz?",
            [("What did Biden say about Nord Stream 2?", None)],
            "What did Scholz say about Nord Stream 2?",
        ),
        (
            "En in Duitsland?",
            [("Hoeveel kernwapens zijn er in Nederland?", None)],
            "Hoeveel kernwapens zijn er in Duitsland?",
        ),
        (
            "En pantservoertuigen?",
            [("Hoeveel tanks kwamen er in maart 2023 aan?", None)],
            "Hoeveel pantservoertuigen kwamen er in maart 2023 aan?",
        ),
        (
            "En Biden in maart 2023?",
            [("Wat zei Scholz in november 2022 over de oorlog?", None)],
            "Wat zei Biden in maart 2023 over de oorlog?",
        ),
        (
            "Waarom?",
            [("Had Gorman een geldig visum?", None)],
            "Waarom had Gorman een geldig visum?",
        ),
        (
            "Hoe lang duurde dat gesprek?",
            [("Waarom spraken Poetin en Macron elkaar?", None)],
            "Hoe lang duurde dat gesprek (Poetin, Macron)?",
        ),
        (
            "Wie leverde die?",
            [("Hoeveel tanks kwamen er in maart 2023 aan in Oekraïne?", "achttien")],
            "Wie leverde die (tanks, Oekraïne) in maart 2023?",
        ),
        (
            "Waar dankt hij die aan?",
            [
                ("Wie werd bevelhebber?", "Sergej Soerovikin"),
                ("Welke bijnaam heeft hij?", "Generaal Armageddon"),
            ],
            "Waar dankt hij die aan (Sergej Soerovikin, Generaal Armageddon, bijnaam)?",
        ),
        (
            "Wat vindt hij van de dreigementen?",
            [("Wie is Joe Cirincione?", "veiligheidsexpert")],
            "Wat vindt Joe Cirincione van de dreigementen?",
        ),
        (
            "En wie volgt haar op?",
            [("Wanneer treedt Ilse Claes af als burgemeester?", "1 oktober")],
            "En wie volgt Ilse Claes op (burgemeester)?",
        ),
        (
            "Wie volgt haar op?",
            [("Wat zei minister Kaag over premier Mark Rutte?", None)],
            "Wie volgt Kaag op (minister)?",
        ),
        (
            "who replaced her",
            [("Who is the mayor of Barcelona?", "Ada Colau")],
            "who replaced Ada Colau (mayor of Barcelona)?",
        ),
        (
            "Waarom?",
            [("Geef een overzicht van de gijzeling", None), ("dank je", None)],
            "Waarom (gijzeling)?",
        ),
        (
            "En in Utrecht?",
            [("Geef een overzicht van de gijzelingen in Ede", None)],
            "Geef een overzicht van de gijzelingen in Utrecht",
        ),
        (
            "Welke?",
            [("Hoeveel gemeenten fuseren er?", "vijf")],
            "Welke gemeenten fuseren er?",
        ),
        (
            "Wanneer?",
            [("Hoeveel gemeenten fuseren er?", "vijf")],
            "Wanneer fuseren er (gemeenten)?",
        ),
        (
            "In welk jaar?",
            [("Wie won het songfestival in Malmö?", "Nemo")],
            "In welk jaar won het songfestival in Malmö (Nemo)?",
        ),
        (
            "En Wilders?",
            [("Wat zegt de Franse president Macron over Gaza?", None)],
            "Wat zegt Wilders over Gaza?",
        ),
        (
            "And the prime minister?",
            [("What did King Philippe say about the floods?", None)],
            "What did the prime minister say about the floods?",
        ),
        (
            "And his wife?",
            [("How old is Joe Biden?", "81")],
            "How old is his wife (Joe Biden)?",
        ),
        (
            "Bedankt! En in 2022?",
            [("Hoeveel asielzoekers kwamen er in 2021?", "36.000")],
            "Hoeveel asielzoekers kwamen er in 2022?",
        ),
        (
            "En vorig jaar?",
            [("Hoeveel branden waren er in 2022 in Rotterdam?", None)],
            "Hoeveel branden waren er vorig jaar in Rotterdam?",
        ),
        (
            "Wat vindt zij van de krant?",
            [("Door wie werd Lilianne Ploumen geprezen?", "Klaas Dijkhoff")],
            "Wat vindt Lilianne Ploumen van de krant?",
        ),
    ],
)
def test_a_follow_up_becomes_a_question_of_its_own(
    question: str, history: list[Turn], expected: str
) -> None:
    assert resolve(question, history).question == expected


@pytest.mark.parametrize(
    "question",
    [
        "Waar ging hij heen?",
        "Hoe oud is ze?",
        "Wat is zijn functie?",
        "En wat zei hij daarover?",
        "Wie is de president van dat land?",
        "Wat zei de president nog meer?",
        "Hoeveel waren het er?",
        "In Duitsland?",
        "Wie nog meer?",
        "en biden",
        "hoe lang duurde het",
        "What are their demands?",
        "What happened there?",
        "When was the treaty signed?",
        "How about in 2022?",
        "Was it confirmed?",
        "Who else?",
        "Vertel meer",
        "Noem er drie",
        "Kun je dat samenvatten?",
        "Give me more details please",
        "Hoeveel doden?",
        "Zijn er gewonden?",
        "Wat was de oorzaak?",
        "Wat betekent dat voor Nederland?",
    ],
)
def test_these_lean(question: str) -> None:
    assert resolve(question, MACRON).leans


@pytest.mark.parametrize(
    "question",
    [
        "Waarom waarschuwt de NAVO dat Rusland troepen stuurt?",
        "Wat zei Biden toen hij Scholz ontving?",
        "Wat zegt Rusland over zijn troepen?",
        "Waar liggen de troepen die Rusland naar de grens stuurde?",
        "Hoe is het gesteld met de economie van Nederland?",
        "Hoe groot is het Russische leger?",
        "Hoeveel soldaten zijn er dit jaar gesneuveld in Oekraïne?",
        "Zijn er slachtoffers gevallen in Oost-Oekraïne?",
        "Wat gebeurde er in december 2021?",
        "En wat zei Scholz over Nord Stream 2?",
        "troepen grens oekraine",
        "hallo",
        "Bedankt voor de hulp!",
        "Wat kun je?",
        "What can you do?",
        "Geef me drie citaten over de dijkverzwaring",
        "Wat is de oorzaak van de brand?",
        "Waar vond het overleg over het paspoort plaats?",
        "Wat doen gemeenten om hun zwembaden open te houden?",
        "Gaat het OM in beroep tegen de vrijspraak?",
        "Is it likely that Russia invades Ukraine?",
        "What does NATO say about its troops?",
        "Why does Putin think that the West threatens Russia?",
        "Are there nuclear weapons in Germany?",
        "missiles that reach Europe",
    ],
)
def test_these_stand_on_their_own(question: str) -> None:
    assert resolve(question, MACRON) == Standalone(question, leans=False)


def test_without_earlier_questions_nothing_leans() -> None:
    assert resolve("Welke bijnaam heeft hij?", []) == Standalone("Welke bijnaam heeft hij?", False)


def test_what_was_carried_can_be_removed() -> None:
    history: list[Turn] = [("Hoeveel tanks kwamen er in maart 2023 aan in Oekraïne?", None)]
    found = resolve("Wie leverde die?", history)
    assert found.carried == ("tanks", "Oekraïne")
    assert found.period_words == "in maart 2023"
    fewer = resolve("Wie leverde die?", history, without=["tanks", "in maart 2023"])
    assert fewer == Standalone("Wie leverde die (Oekraïne)?", True, ("Oekraïne",))
    none = resolve("Wie leverde die?", history, without=[*found.carried, "in maart 2023"])
    assert none == Standalone("Wie leverde die?", leans=True)
    fragment = resolve("En pantservoertuigen?", history, without=["in maart 2023"])
    assert fragment.question == "Hoeveel pantservoertuigen kwamen er aan in Oekraïne?"


def test_a_question_about_when_takes_no_period_along() -> None:
    found = resolve("Wanneer zei hij dat?", [("Wat zei Poetin in maart 2023?", None)])
    assert found.period_words is None
    assert "Poetin" in found.carried


SOME_WORDS = st.sampled_from(
    [
        *(
            "En",
            "Wie",
            "wat",
            "hoe",
            "Waarom",
            "zijn",
            "hij",
            "die",
            "dat",
            "het",
            "er",
            "daarover",
        ),
        *("Poetin", "Nord", "Stream", "2", "in december 2021", "maart", "gesprek", "de", "troepen"),
        *("And", "who", "it", "that", "his", "there", "the meeting", "NAVO", "Duitse"),
        *("?", ".", "(", "\u202e", "😀", "\n"),
    ]
)
TEXTS = st.lists(SOME_WORDS, max_size=12).map(" ".join) | st.text(max_size=60)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.lists(st.tuples(TEXTS, st.none() | TEXTS), max_size=3))
def test_whatever_is_typed_carried_words_are_verbatim(question: str, history: list[Turn]) -> None:
    found = resolve(question, history, language="nl")
    said = [text for turn in history for text in turn if text]
    for words in found.carried:
        assert words in found.question
        assert any(words in text for text in said)
    if not found.leans:
        assert found == Standalone(question, leans=False)
