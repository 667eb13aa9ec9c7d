from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.sentences import split_sentences

DUTCH = [
    ("Het kost 1.912 euro. Dat is 3,5 procent meer.", 2),
    ("Drs. J. de Vries en prof. dr. A.B. Jansen kwamen om 10.30 uur aan. Zij zwegen.", 2),
    ("Hij kwam o.a. om te praten, d.w.z. om te luisteren.", 1),
    ("Er zijn o.a. 7000 manschappen.", 1),
    ("NAVO-chef Stoltenberg zei: „Dit is niets ongewoons.” Poetin zweeg.", 2),
    ("“We gaan weg! Nu!”, riep hij.", 1),
    ('"Dat is nep", aldus een woordvoerder. Niemand reageerde.', 2),
    ("‘Dit is geen bluf.’ Poetins woorden riepen 's avonds herinneringen op.", 2),
    ("Het is laat. 's Avonds wordt het koud.", 2),
    ("Het is laat. 't Is koud.", 2),
    ("Dat klopt. ,,Dat werd vorig jaar duidelijk”, stelt Starchak.", 2),
    ("Is dat zo? Ja! Echt waar.", 3),
]


@pytest.mark.parametrize(("text", "count"), DUTCH)
def test_dutch_sentences(text: str, count: int) -> None:
    found = [text[s.start : s.end] for s in split_sentences(text, language="nl")]
    assert len(found) == count, found


def test_elided_article_begins_its_sentence() -> None:
    text = "Het is laat. 's Avonds wordt het koud."
    last = split_sentences(text, language="nl")[-1]
    assert text[last.start : last.end] == "'s Avonds wordt het koud."


def test_headings_are_lines_without_end_punctuation() -> None:
    text = "Eerste alinea.\n\nVazalstaat Rusland\n\nTweede alinea.\n\n## Kop van Markdown!\nDerde."
    headings = [s.heading for s in split_sentences(text) if s.heading]
    assert headings == ["Vazalstaat Rusland", "Kop van Markdown!"]


def test_a_line_that_is_wrapped_is_one_sentence() -> None:
    text = "De minister van Buitenlandse\nzaken sprak met de minister\nvan Defensie over de zaak."
    assert len(split_sentences(text, language="nl")) == 1


@pytest.mark.parametrize(
    "rows",
    [
        ["Uitslag van zaterdag:", "Kwintus – Dalfsen 24-31", "Quintus Rood – Borhave 28-28"],
        ["Groen: 2.104 stemmen (4 zetels)", "Blauw: 3.977 stemmen (7 zetels)", "Rood: 12 (0)"],
        ["Naam | Partij | Functie", "Sjoukje Hiemstra | Doarpsbelang | accountant"],
        ["- het eerste punt", "- een punt dat doorloopt\nop de volgende regel"],
        ["1. Ajax 57 punten", "2. PSV 51 punten"],
        ["bad\t6,75", "kind\t4,95"],
        ["Melk | 1,15", "Deze prijzen zijn van maart en gelden niet voor de filialen in Zuid."],
    ],
)
def test_each_row_of_a_table_or_list_stands_alone(rows: list[str]) -> None:
    text = "Eerst een alinea die eindigt.\n\n" + "\n".join(rows)
    found = split_sentences(text, language="nl")[1:]
    assert [text[s.start : s.end] for s in found] == rows
    assert not any(s.heading for s in found)


def test_the_items_of_one_line_are_not_cut_behind_their_numbers() -> None:
    text = "Stand: 1. Ajax 57 punten; 2. PSV 51; 3. Feyenoord 45."
    assert len(split_sentences(text, language="nl")) == 1


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_parts_paragraphs(ending: str) -> None:
    text = f"Kop{ending}{ending}Een zin. Nog een zin."
    found = [text[s.start : s.end] for s in split_sentences(text)]
    assert found == ["Kop", "Een zin.", "Nog een zin."]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_sentences_hold_all_that_is_not_blank(text: str) -> None:
    covered: set[int] = set()
    last = 0
    for sentence in split_sentences(text):
        assert last <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end]
        covered.update(range(sentence.start, sentence.end))
        last = sentence.end
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)
