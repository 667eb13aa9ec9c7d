"""Which sentences a language model may point at, and what they are called."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import Chunk
from qa.answer.candidates import Candidate
from qa.answer.drafting import choose_sentences, places_of
from qa.answer.drafting.budget import MOST_CHARACTERS, MOST_SENTENCES
from qa.answer.drafting.sentences import EXAMPLE_ID
from qa.answer.records import TEXT, TITLE
from qa.answer.values import read_value
from qa.models.calibration import Evidence
from qa.retrieval.passage import Passage
from tests.answer.drafting.made_passages import numbered, passage

STORY = (
    "De dijk brak in 1953. Het water kwam snel. De brug bleef staan. "
    "Niemand zag het. De wacht sliep. Pas om zes uur luidde de klok."
)
PONT = (
    "Op maandag voer de pont niet. De haven was leeg. "
    "De vissers klaagden. De prijs van schol steeg."
)


def place(of: Passage, words: str) -> tuple[Passage, int, int]:
    start = of.article.text.index(words)
    return of, start, start + len(words)


def test_sentences_of_candidates_come_first_and_then_their_neighbours() -> None:
    one, other = passage(PONT, rank=1), passage(STORY, rank=2)
    places = [place(other, "Niemand zag het."), place(one, "De haven was leeg.")]
    found = [each.text for each in choose_sentences("Wie zag het?", places, [one, other])]
    assert found[:2] == ["Niemand zag het.", "De haven was leeg."]
    assert found[2:4] == ["De brug bleef staan.", "De wacht sliep."]
    assert found[4:6] == ["Op maandag voer de pont niet.", "De vissers klaagden."]
    assert found[6] == "De prijs van schol steeg."  # the rest, by passage
    assert len(found) == 10
    ranks = [each.rank for each in choose_sentences("Wie zag het?", places, [one, other])]
    assert ranks == list(range(1, 11))


def test_only_the_sentences_at_places_come_if_no_other_may_be_quoted() -> None:
    one, other = passage(PONT, rank=1), passage(STORY, rank=2)
    places = [place(other, "kwam snel. De brug bleef"), place(one, "De haven was leeg.")]
    found = choose_sentences("Wie zag het?", places, [one, other], only_places=True)
    shown = [each.text for each in found]
    assert shown == ["Het water kwam snel.", "De brug bleef staan.", "De haven was leeg."]


def test_a_candidate_over_two_sentences_gives_both() -> None:
    one = passage(STORY)
    places = [place(one, "kwam snel. De brug bleef")]
    found = [each.text for each in choose_sentences("Wat?", places, [one])]
    assert found[:2] == ["Het water kwam snel.", "De brug bleef staan."]


def test_a_candidate_of_a_passage_that_is_not_among_the_others_counts() -> None:
    one, other = passage(PONT, rank=1), passage(STORY, rank=2)
    found = choose_sentences("Wie?", [place(other, "De wacht sliep.")], [one])
    assert found[0].text == "De wacht sliep."
    assert found[0].passage is other


def test_a_sentence_that_two_passages_share_comes_once() -> None:
    one = passage(STORY)
    assert len(choose_sentences("Wie?", [], [one, one])) == 6


def test_a_sentence_at_the_edge_of_two_chunks_comes_once() -> None:
    whole = passage(STORY)
    end = STORY.index(" Niemand")
    start = STORY.index("De brug")
    one = replace(whole, chunk=Chunk(whole.article.id, 0, end, STORY[:end]))
    other = replace(whole, chunk=Chunk(whole.article.id, start, len(STORY), STORY[start:]), rank=2)
    found = choose_sentences("Wie?", [], [one, other])
    assert [each.text for each in found].count("De brug bleef staan.") == 1
    assert len(found) == 6


def test_a_line_without_letters_is_no_sentence() -> None:
    one = passage("\u00ad\n\n— — —.\n\nDe dijk brak.")
    found = choose_sentences("Wat?", [(one, 0, 8)], [one])
    assert [each.text for each in found] == ["De dijk brak."]


def test_no_sentence_has_the_id_of_our_instruction() -> None:
    for number in range(40):
        assert EXAMPLE_ID not in {each.id for each in numbered([STORY, PONT], f"Vraag {number}?")}


def test_headings_come_only_if_the_reader_chose_them() -> None:
    one = passage(f"Dijk bij Kruiningen gebroken\n\n{STORY}")
    heading = "Dijk bij Kruiningen gebroken"
    assert heading not in [each.text for each in choose_sentences("Wat?", [], [one])]
    chosen = choose_sentences("Wat?", [place(one, heading)], [one])
    assert chosen[0].text == heading


@pytest.mark.parametrize(
    ("sources", "expected"),
    [((), 2), (("De Rijnbode",), 1), (("Het Anker",), 1), (("Niemand",), 0)],
)
def test_only_allowed_sources_are_sent(sources: tuple[str, ...], expected: int) -> None:
    one = passage("De dijk brak.", rank=1)
    other = passage("De haven was leeg.", rank=2, source="Het Anker")
    found = choose_sentences("Wat?", [place(other, "De haven was")], [one, other], sources=sources)
    assert len(found) == expected
    assert all(not sources or each.article.source in sources for each in found)


def test_no_more_sentences_and_characters_than_allowed() -> None:
    many = [passage(f"De dijk van polder {n} is hoog. Men keek toe.", rank=n) for n in range(1, 40)]
    assert len(choose_sentences("Wat?", [], many)) == MOST_SENTENCES
    long = [passage(f"Polder {n} is {'heel ' * 120}hoog.", rank=n) for n in range(1, 40)]
    found = choose_sentences("Wat?", [], long)
    assert 4 <= len(found) < MOST_SENTENCES
    assert sum(len(each.text) for each in found) <= MOST_CHARACTERS


def test_a_sentence_without_room_leaves_it_to_others() -> None:
    endless = passage(f"Dit is {'nog ' * 2000}lang.", rank=1)
    found = choose_sentences("Wat?", [], [endless, passage("De dijk brak.", rank=2)])
    assert [each.text for each in found] == ["De dijk brak."]


def test_ids_are_a_letter_and_a_digit_in_no_order_and_new_for_each_question() -> None:
    ids = [each.id for each in numbered([STORY, PONT], "Wat brak?")]
    assert all(re.fullmatch(r"[a-z][0-9]", each) for each in ids)
    assert len(set(ids)) == len(ids) == 10
    assert EXAMPLE_ID not in ids
    rises = [one < other for one, other in pairwise(ids)]
    assert 0 < sum(rises) < len(rises)
    assert ids == [each.id for each in numbered([STORY, PONT], "Wat brak?")]
    assert ids != [each.id for each in numbered([STORY, PONT], "Wat brak er?")]
    assert set(ids) != {each.id for each in numbered([STORY, f"{PONT} Ja."], "Wat brak?")[:10]}


def test_ids_differ_from_what_stands_in_the_sentences() -> None:
    letters, digits = "abcdefghjkm", "23456789"
    named = [letter + digit for letter in letters for digit in digits]
    texts = [f"Op de {name.upper()} stond een file." for name in named[:20]]
    texts += [" ".join(named[20:]) + " zijn wegen."]
    assert not set(named) & {each.id for each in numbered(texts, "Waar stond een file?")}


def test_an_article_that_names_every_id_takes_none_away() -> None:
    every = " ".join(
        f"{letter}{digit}" for letter in "abcdefghjkmnpqrstuvwxyz" for digit in "23456789"
    )
    found = numbered([f"Zie {every}.", STORY])
    assert len({each.id for each in found}) == len(found) == 7


def test_a_title_is_no_place_to_point_at() -> None:
    one = passage(STORY)
    evidence = Evidence(*[0.0] * 9)
    value = read_value("1953", "nl")
    found = [
        Candidate(one, 16, 20, 0, 21, evidence, 0.0, value, field) for field in (TITLE, TEXT, TITLE)
    ]
    assert places_of(found) == [(one, 0, 21)]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=6), st.text(max_size=80))
def test_sentences_are_places_of_their_articles(texts: list[str], question: str) -> None:
    passages = [passage(text, rank=rank) for rank, text in enumerate(texts, start=1)]
    found = choose_sentences(question, [(passages[0], 0, len(texts[0]))], passages)
    assert len({each.id for each in found}) == len(found) <= MOST_SENTENCES
    for each in found:
        assert each.text == each.article.text[each.start : each.end]
        assert each.text.strip() == each.text != ""
