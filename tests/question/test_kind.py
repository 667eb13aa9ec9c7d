from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from index_store.analysis.language import detect_language
from qa.question.expected import ExpectedAnswer, expectation, fitness
from qa.question.inquiry import understand
from qa.question.kind import (
    AnswerKind,
    QuestionAnalysis,
    analyse,
    kind_of,
)
from tests.paths import DATA

LABELLED = DATA / "question_kinds.jsonl"


def labelled(*splits: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    return [row for row in rows if row["split"] in splits]


def analysed(question: str) -> QuestionAnalysis:
    return analyse(question, detect_language(question))


def parts(found: QuestionAnalysis) -> dict[str, str]:
    """Return the parts of a question as they are labelled."""
    compared = found.compared
    return {
        "speaker": found.speaker.text if found.speaker else "",
        "topic": found.topic.text if found.topic else "",
        "measure": found.measure.value if found.measure else "",
        "expected": found.expected.answer.value,
        "head": found.expected.head.text if found.expected.head else "",
        "one": compared[0].text if len(compared) > 1 else "",
        "other": compared[-1].text if compared else "",
    }


def agreement(rows: list[dict[str, Any]]) -> Iterator[bool]:
    """Tell of each labelled part whether it is found as it is."""
    for row in rows:
        found = parts(analysed(row["question"]))
        yield from (found[name] == row[name] for name in found if name in row)


def share(values: Iterator[bool]) -> float:
    told = list(values)
    return sum(told) / len(told)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie is Bartle Gorman?", "fact"),
        ("Hoeveel troepen staan er?", "fact"),
        ("Hoe lang duurde het gesprek?", "fact"),
        ("Hoelang duurde het?", "fact"),
        ("Hoe heet de minister?", "fact"),
        ("Hoe werd de operatie genoemd?", "fact"),
        ("How is the storm called?", "fact"),
        ("Trok Dijkpop in 2022 meer bezoekers dan in 2019?", "statement"),
        ("Kreeg de club een boete?", "statement"),
        ("Welke garantie vroeg Poetin?", "fact"),
        ("Wat verweet het Kremlin de NAVO?", "statement"),
        ("Wat was de oorzaak van de brand?", "fact"),
        ("Hoe vaak werd het genoemd?", "fact"),
        ("Wanneer was de inval?", "fact"),
        ("Wat is de hoofdstad?", "fact"),
        ("Welk bedrijf maakte de beelden?", "fact"),
        ("How many troops are there?", "fact"),
        ("What is his nickname?", "fact"),
        ("In welke landen staan kernwapens?", "list"),
        ("Welke twee data worden genoemd?", "list"),
        ("Wie zijn de ministers?", "list"),
        ("Noem de landen.", "list"),
        ("Which countries signed?", "list"),
        ("Who were present?", "list"),
        ("Waarom trok Rusland zich terug?", "statement"),
        ("Hoe reageerde Biden?", "statement"),
        ("Wat zei Poetin over de NAVO?", "statement"),
        ("Wat heeft Poetin over de NAVO gezegd?", "statement"),
        ("Heeft Scholz Kiev bezocht?", "statement"),
        ("Is dat waar?", "statement"),
        ("Why did they leave?", "statement"),
        ("How did Biden react?", "statement"),
        ("What did Putin say about NATO?", "statement"),
        ("Did Scholz visit Kyiv?", "statement"),
        ("“Waarom?”", "statement"),
        ("", "fact"),
    ],
)
def test_the_kind_of_answer_is_seen_from_the_question(question: str, kind: str) -> None:
    assert kind_of(question).value == kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hoeveel keer scoorde Jansma voor de thuisploeg?", AnswerKind.FACT),
        ("Hoe vaak komt de bus op tijd?", AnswerKind.FACT),
        ("Hoe vaak komt Jansma voor in het archief?", AnswerKind.ARCHIVE),
        ("Hoe vaak duikt Texel op?", AnswerKind.ARCHIVE),
    ],
)
def test_how_often_a_thing_happened_is_not_how_often_it_is_named(
    question: str, kind: AnswerKind
) -> None:
    assert understand(question).kind is kind


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("When does Jansma expect a first finding on the accident?", None),
        ("Wanneer degradeerde de club voor het laatst?", None),
        ("Wanneer werd het feest voor het laatst afgelast?", None),
        ("Wanneer kwam Zelenski voor het eerst voor?", "Zelenski"),
        ("Wanneer ging het voor het eerst over kernwapens?", "kernwapens"),
        ("Wanneer schreef de krant voor het laatst over Ajax?", "Ajax"),
        ("When was there first something on Nord Stream?", "Nord Stream"),
    ],
)
def test_when_a_thing_first_happened_is_not_when_it_first_stood_in_print(
    question: str, topic: str | None
) -> None:
    parts = analysed(question)
    assert (parts.kind is AnswerKind.ARCHIVE) == (topic is not None)
    assert topic in (None, parts.topic and parts.topic.text)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Waren er minder bezoekers dan verwacht?", AnswerKind.YES_NO),
        ("Was de inflatie minder hoog dan aanvankelijk gedacht?", AnswerKind.YES_NO),
        ("Zijn er meer doden dan eerder gemeld?", AnswerKind.YES_NO),
        ("Was the damage worse than was first feared?", AnswerKind.YES_NO),
        ("Waren er in 2022 meer bezoekers dan in 2019?", AnswerKind.COMPARE),
        ("Is de brug hoger dan normale bruggen?", AnswerKind.COMPARE),
    ],
)
def test_what_was_expected_is_no_other_side_of_a_comparison(
    question: str, kind: AnswerKind
) -> None:
    assert understand(question).kind is kind


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did the Raad van State say about the ban?", "the Raad van State"),
        ("What did the secretary of state think?", "the secretary of state"),
        ("What did the prosecutor state about the case?", "the prosecutor"),
    ],
)
def test_a_state_that_speaks_is_no_verb(question: str, speaker: str) -> None:
    found = analysed(question).speaker
    assert found is not None
    assert found.text == speaker


@pytest.mark.parametrize(
    ("question", "speaker", "topic"),
    [
        ("What had skippers been complaining about for years?", "skippers", None),
        ("What does Fauna Vrij intend to do?", "Fauna Vrij", None),
        ("Hoe omschreef Marit wat er te zien was?", "Marit", "wat er te zien was"),
        ("Hoe kijkt Roelfs terug op de uitslag?", "Roelfs", "de uitslag"),
        ("Hoe noemt Roelfs het besluit over het paspoort?", "Roelfs", "het paspoort"),
        ("Wat heeft Wim Z. altijd verklaard?", "Wim Z.", None),
        ("What percentage of young doctors think about quitting?", None, None),
    ],
)
def test_what_follows_a_speaker_is_not_part_of_the_name(
    question: str, speaker: str | None, topic: str | None
) -> None:
    parts = analysed(question)
    assert (parts.speaker and parts.speaker.text) == speaker
    assert (parts.topic and parts.topic.text) == topic


def test_every_kind_is_labelled_at_least_thirty_times() -> None:
    kinds = [row["kind"] for row in labelled("dev", "test", "fresh", "fresh2", "fresh3")]
    assert {kind for kind in AnswerKind if kinds.count(kind.value) < 30} == set()


@pytest.mark.parametrize(
    ("split", "floor"),
    [("dev", 0.99), ("test", 0.96), ("fresh", 0.98), ("fresh2", 0.97), ("fresh3", 0.97)],
)
def test_the_kind_is_seen_in_labelled_questions(split: str, floor: float) -> None:
    rows = labelled(split)
    assert share(analysed(row["question"]).kind.value == row["kind"] for row in rows) >= floor


@pytest.mark.parametrize("split", ["dev", "test", "fresh", "fresh2"])
def test_the_parts_of_a_question_are_found(split: str) -> None:
    assert share(agreement(labelled(split))) >= 0.95


def test_parts_are_exact_slices_of_the_question() -> None:
    for row in labelled("dev", "test", "fresh", "fresh2", "fresh3"):
        found = analysed(row["question"])
        for part in filter(
            None, (found.speaker, found.topic, found.expected.head, *found.compared)
        ):
            assert row["question"][part.start : part.end] == part.text


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda asked: asked.rstrip("?")])
def test_case_and_question_mark_change_few_kinds(change: Any) -> None:
    rows = labelled("dev", "test")
    kinds = (analysed(change(row["question"])).kind.value == row["kind"] for row in rows)
    assert share(kinds) >= 0.93


@pytest.mark.parametrize(
    "question", ["", "?", "...", "wat", "Hoe?", "is", "wat zei", "van wie is", "hoeveel", "İİ wat"]
)
def test_scraps_of_questions_are_taken(question: str) -> None:
    assert analysed(question).kind in AnswerKind


@pytest.mark.parametrize(
    "question",
    ["wat zei " + "x over " * 280, "hoeveel meer " * 150, "hallo " * 330 + "x", "a " * 999],
)
def test_long_questions_take_no_long_time(question: str) -> None:
    assert analysed(question[:2000]).shape


@pytest.mark.parametrize(
    ("question", "answer", "fits"),
    [
        ("Hoe oud is hij?", "43", True),
        ("Hoe oud is hij?", "43 jaar", True),
        ("Hoe oud is hij?", "43-jarige", True),
        ("Hoe oud is hij?", "3,8 miljoen", False),
        ("Hoe oud is hij?", "Amsterdam", False),
        ("Hoe lang duurde het?", "twee weken en drie dagen", True),
        ("Hoe lang duurde het?", "zes uur", True),
        ("Hoe lang duurde het?", "12.400 bezoekers", False),
        ("Wanneer was het?", "14 juni", True),
        ("Wanneer was het?", "vorige week woensdag", True),
        ("Wanneer was het?", "12 tanks", False),
        ("In welk jaar was het?", "2019", True),
        ("In welk jaar was het?", "zaterdag", False),
        ("Wat kost het?", "5,8 miljoen euro", True),
        ("Wat kost het?", "drie weken", False),
        ("Hoeveel procent stemde?", "43 procent", True),
        ("Hoeveel procent stemde?", "43 mensen", False),
        ("Wie won?", "Ada Blok", True),
        ("Wie won?", "gisteren", False),
        ("Waar was het?", "in het bos", True),
        ("Waar was het?", "dinsdag", False),
        ("Hoe laat begint het?", "20.00 uur", True),
    ],
)
def test_an_answer_is_of_the_sort_expected(question: str, answer: str, fits: bool) -> None:
    assert (fitness(expectation(question).answer, answer) > 0) is fits


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did she say when the bridge opened?", ExpectedAnswer.ANYTHING),
        ("How did Poland react when the talks broke down?", ExpectedAnswer.ANYTHING),
        ("Why did the man who lost the race complain?", ExpectedAnswer.ANYTHING),
        ("Wat zei de trainer toen hij hoorde wie er won?", ExpectedAnswer.ANYTHING),
        ("Is it known when the bridge opens?", ExpectedAnswer.TIME),
        ("Weet je wanneer de brug opengaat?", ExpectedAnswer.TIME),
        ("From when can they get a passport?", ExpectedAnswer.TIME),
        ("brug Sliedrecht opening wanneer", ExpectedAnswer.TIME),
    ],
)
def test_a_clause_asks_nothing_of_its_own(question: str, expected: ExpectedAnswer) -> None:
    assert expectation(question).answer is expected


def test_what_is_counted_is_the_head() -> None:
    found = expectation("Weet je hoeveel lichtgewonden er in Gent vielen?")
    assert (found.answer, found.head.text if found.head else "") == (
        ExpectedAnswer.NUMBER,
        "lichtgewonden",
    )


@pytest.mark.parametrize(
    ("typed", "core"),
    [
        ("Zou u mij misschien kunnen vertellen wie de sluis bouwde?", "Wie de sluis bouwde?"),
        ("Ik heb een vraag: waar ligt de sluis?", "Waar ligt de sluis?"),
        ("Hoi! Heb je enig idee hoe diep de sluis is?", "Hoe diep de sluis is?"),
        ("Could I ask when the lock was opened?", "When the lock was opened?"),
        ("Please tell me who built the lock", "Who built the lock"),
        ("Wie vroeg hoe diep de sluis is?", "Wie vroeg hoe diep de sluis is?"),
        ("De vraag is wie de sluis betaalt", "De vraag is wie de sluis betaalt"),
        ("Weet Jansen wie de sluis bouwde?", "Weet Jansen wie de sluis bouwde?"),
    ],
)
def test_politeness_is_not_searched_for(typed: str, core: str) -> None:
    inquiry = understand(typed)
    assert (inquiry.question, inquiry.asked, inquiry.core) == (typed, typed, core)
    assert inquiry.terms == understand(core).terms
