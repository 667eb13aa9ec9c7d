"""Which true words may stand alone, and which would lie without their sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.drafting import DraftReader
from qa.answer.drafting.amounts import is_torn, numbers_in
from qa.answer.drafting.guard import short_answer
from qa.answer.drafting.words import find_words
from tests.answer.drafting.made_passages import sentence
from tests.paths import DATA


def rows(name: str, **wanted: str) -> list[dict[str, str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]


def shown(text: str, words: str, language: str) -> str | None:
    found = short_answer(text, find_words(text, words), language)
    return text[slice(*found)] if found else None


COPIED = rows("copied_words.jsonl")
# No rule was made for these; all others helped to make one.
KEPT_BACK = [row for row in COPIED if row["part"] == "kept"]
LEARNT = [row for row in COPIED if row["part"] != "kept"]


def test_there_are_enough_cases_of_both_languages() -> None:
    for language in ("nl", "en"):
        kept = [row for row in COPIED if row["language"] == language and row["shown"] is None]
        assert len(kept) >= 50


@pytest.mark.parametrize("row", LEARNT, ids=lambda row: f"{row['sentence']} [{row['words']}]")
def test_words_are_shown_as_labelled_or_not_at_all(row: dict[str, str]) -> None:
    assert shown(row["sentence"], row["words"], row["language"]) in (row["shown"], None)


@pytest.mark.parametrize(
    ("part", "right"), [("dev", 83), ("test", 41), ("later", 29), ("fresh", 40), ("kept", 34)]
)
def test_words_that_may_stand_alone_do(part: str, right: int) -> None:
    labelled = [row for row in COPIED if row["part"] == part]
    found = sum(
        shown(row["sentence"], row["words"], row["language"]) == row["shown"] for row in labelled
    )
    assert found >= right


def test_few_words_kept_back_are_shown_otherwise_than_labelled() -> None:
    assert len(KEPT_BACK) == 40
    otherwise = [
        row
        for row in KEPT_BACK
        if shown(row["sentence"], row["words"], row["language"]) not in (row["shown"], None)
    ]
    assert len(otherwise) <= 4


def test_what_a_sentence_denies_never_stands_alone() -> None:
    denied = rows("states.jsonl", state="denied")
    assert len(denied) >= 20
    for row in denied:
        assert shown(row["sentence"], row["span"], row["language"]) is None, row["sentence"]


def test_most_of_what_a_sentence_asserts_may_stand_alone() -> None:
    asserted = rows("states.jsonl", state="asserted")
    alone = [shown(row["sentence"], row["span"], row["language"]) for row in asserted]
    assert sum(each is not None for each in alone) / len(asserted) >= 0.8


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Er kwamen meer\n   dan  100 man.", "100 man", "meer\n   dan  100 man"),
        ("Er vielen ge\u00aden doden.", "doden", None),
        ("Er vielen g\u200been doden.", "doden", None),
        ("E\u0301e\u0301n op de drie mensen rookt.", "drie mensen", None),
        ("He couldn’t  find\u00a0the box.", "the box", None),
        ("De zo\u00aden van  Cafe\u0301 De Zon won.", "cafe\u0301 de zon", "Cafe\u0301 De Zon"),
    ],
)
def test_white_space_and_hidden_marks_hide_nothing(
    text: str, words: str, expected: str | None
) -> None:
    assert find_words(text, words)
    assert shown(text, words, "nl") == expected


def test_words_that_stand_in_two_places_must_say_the_same() -> None:
    text = "In mei waren het er meer dan 7000 en in juni 7000."
    assert len(find_words(text, "7000")) == 2
    assert shown(text, "7000", "nl") is None
    assert shown("Ja, ja, zei hij.", "ja", "nl") == "Ja"
    assert shown("In mei werd het 12 graden, in januari -12 graden.", "12 graden", "nl") is None


def test_words_that_stand_everywhere_are_no_short_answer() -> None:
    assert shown("Na de dijk, de brug, de weg en de sluis kwam de dam.", "de", "nl") is not None
    assert shown("De brug, de dijk, de weg, de sluis, de pont en de dam.", "de", "nl") is None
    assert shown("de " * 2000 + "dam", "de", "nl") is None


def test_a_whole_sentence_is_no_short_answer() -> None:
    text = "De dijk brak in 1953."
    assert shown(text, "De dijk brak in 1953", "nl") is None


def test_a_pick_has_its_bound_and_its_place_in_the_article() -> None:
    one = sentence("Er zitten tot wel 7000 mensen vast.")
    reader = DraftReader([one], 3)
    [pick] = reader.feed("m3: 7000 mensen\n")
    assert pick.words is not None
    assert one.article.text[slice(*pick.words)] == "tot wel 7000 mensen"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eenentwintig van de 14 000 lopers vielen uit.", ["Eenentwintig", "14 000"]),
        ("Het duurde 2,5 uur op 3 maart 2021.", ["2,5", "3", "2021"]),
        ("Twenty-five of two hundred and ten.", ["Twenty-five", "two hundred and ten"]),
        ("De code is 12.34.56/7.", ["12.34.56", "7"]),
        ("Geen getal.", []),
    ],
)
def test_numbers_are_found_whole(text: str, expected: list[str]) -> None:
    assert [text[first:last] for first, last in numbers_in(text, "nl")] == expected


def test_a_number_in_a_year_is_no_share() -> None:
    assert shown("De brandweer redde 3 in 2021 uit zee.", "3", "nl") == "3"
    assert shown("De brandweer redde 3 in 20 jaar.", "3", "nl") is None


def pieces() -> Iterator[str]:
    yield from ("7000", "10", "2,5", "twee", "half", "miljoen", "en", "op de", "tot", "van de")
    yield from ("meer dan", "geen", "zou", "mogelijk", "doden", "man", ",", ".", "-", "„", "”")


@given(st.lists(st.sampled_from([*pieces()]) | st.text(max_size=3), max_size=20), st.data())
def test_any_words_give_a_place_or_none(parts: list[str], data: st.DataObject) -> None:
    text = " ".join(parts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = short_answer(text, [(start, end)], "nl")
    assert found is None or 0 <= found[0] < found[1] <= len(text)
    if found:
        assert not is_torn(text, *found, "nl")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Had de minister toen 3 miljoen betaald, dan was de brug er nu.", "3 miljoen"),
        ("Dat er 500 doden vielen, is een fabeltje.", "500 doden"),
        ("Stel dat er 500 mensen komen.", "500 mensen"),
        ("De brug komt er zodra de gemeente 3 miljoen betaalt.", "3 miljoen"),
        ("De raad stemde tegen de bouw van 300 huizen.", "300 huizen"),
        ("Iedereen stemde voor, met uitzondering van Jansen.", "Jansen"),
        ("Everyone but Jansen voted for it.", "Jansen"),
        ("Lang dacht men dat Jansen de dader was.", "Jansen"),
        ("Aanvankelijk meldde de politie 12 doden, later bleken het er 3.", "12 doden"),
        ("Ooit telde het dorp 900 inwoners.", "900 inwoners"),
        ("The council voted against 300 houses.", "300 houses"),
        ("Mocht Van Dalen winnen, dan komt er een haven.", "Van Dalen"),
        ("Waren de 40 agenten er geweest, dan was het rustig gebleven.", "40 agenten"),
        ("Zolang de fabriek 12 miljoen verlies maakt, blijft ze dicht.", "12 miljoen"),
        ("Op voorwaarde dat Smit vertrekt, tekent de club.", "Smit"),
        ("Wanneer 60 procent instemt, geldt het akkoord.", "60 procent"),
        ("In het geval dat Bos aftreedt, volgt Vos hem op.", "Bos"),
        ("Alle partijen stemden in, bij uitzondering van de ChristenUnie.", "de ChristenUnie"),
        ("De SP stemde in beide ronden tegen het plan van Kok.", "plan van Kok"),
        ("Dat Kok de bank beroofde is een verzinsel van zijn buurman.", "Kok"),
        ("Het verhaal over 700 zwanen is een mythe.", "700 zwanen"),
        ("De recherche meende dat Kok de brand had gesticht.", "Kok"),
        ("Vroeger woonden er 4000 mensen op het eiland.", "4000 mensen"),
        ("Oorspronkelijk zou de brug 8 miljoen kosten.", "8 miljoen"),
        ("Destijds was Kok directeur van de fabriek.", "Kok"),
        ("Suppose Kok wins the seat.", "Kok"),
        ("In case Kok wins, the port opens.", "Kok"),
        ("As soon as Kok pays 3 million, the port opens.", "3 million"),
        ("Assuming 60 percent agree, the deal stands.", "60 percent"),
        ("Everybody but Kok left the hall.", "Kok"),
        ("All but 12 sailors drowned.", "12 sailors"),
        ("Detectives believed Kok had set the fire.", "Kok"),
        ("Had Kok paid, the port would have opened.", "Kok"),
        ("The mill formerly employed 900 people.", "900 people"),
        ("The SP voted twice against the plan of Kok.", "plan of Kok"),
        ("The story of 700 swans is a myth.", "700 swans"),
        ("De vraag of Kok wint houdt het dorp bezig.", "Kok"),
        ("De agent deed alsof hij Kok was.", "Kok"),
    ],
)
def test_words_of_a_condition_an_exception_or_a_former_belief_are_not_shown_alone(
    text: str, words: str
) -> None:
    """A condition may not be met, and what was once so or once believed may be over."""
    assert shown(text, words, "nl") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("De brug kostte 8 miljoen euro.", "8 miljoen euro"),
        ("Kok werd gisteren gekozen tot voorzitter.", "Kok"),
        ("In 2019 woonden er 4000 mensen op het eiland.", "4000 mensen"),
        ("De burgemeester opende de school op 3 mei.", "op 3 mei"),
        ("Volgens de politie reden er 40 agenten mee.", "40 agenten"),
        ("De raad koos met 12 stemmen voor Kok.", "Kok"),
        ("The port opened in 2021.", "2021"),
        ("Kok paid 3 million for the mill.", "3 million"),
        ("The council elected Kok as chair.", "Kok"),
        ("Het standbeeld staat sinds 1904 tegen de kerkmuur.", "1904"),
    ],
)
def test_words_of_a_plain_statement_are_shown_alone(text: str, words: str) -> None:
    assert shown(text, words, "nl")
