"""How the picks of a language model become evidence, beside the candidates of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer.candidates import Candidate
from qa.answer.consultation import Consultant, Consultation
from qa.answer.drafting import Pick, choose_sentences
from qa.answer.pointing import Pointing
from qa.answer.records import TITLE
from qa.assistant import Assistant
from qa.models.generator import GeneratorSettings
from tests.answer.test_consultation import ARTICLES, FIRST, QUESTION, THIRD
from tests.store_building import ingest_texts


@pytest.fixture
def pointing(assistant: Assistant, tmp_path: Path) -> Pointing:
    ingest_texts(assistant, tmp_path / "in", ARTICLES)
    assistant.consultant = Consultant.of(GeneratorSettings("http://127.0.0.1:9/v1", model="made"))
    consultation = assistant.begin(QUESTION).consultation  # nothing is sent before `complete`
    assistant.consultant = None
    assert isinstance(consultation, Consultation)
    return consultation.pointing


def pick(pointing: Pointing, text: str, words: str | None = None) -> Pick:
    """Return a pick of the sentence with this text, and of words that stand in its article."""
    found = choose_sentences(QUESTION, [], pointing.passages)
    sentence = next(each for each in found if each.text == text)
    if words is None:
        return Pick(sentence)
    start = sentence.article.text.index(words)
    return Pick(sentence, (start, start + len(words)))


def evidence_of(marked: Sequence[Candidate], text: str) -> list[tuple[float, float, float]]:
    return [
        (each.evidence.pointed_first, each.evidence.pointed_later, each.evidence.same_words)
        for each in marked
        if each.sentence == text
    ]


def test_the_first_pick_and_the_others_are_told_apart(pointing: Pointing) -> None:
    marked = pointing.marked([pick(pointing, FIRST), pick(pointing, THIRD)])
    assert evidence_of(marked, FIRST) == [(1, 0, 0)] * 2
    assert evidence_of(marked, THIRD) == [(0, 1, 0)] * 2
    assert len(marked) == len(pointing.composition.weighed)


def test_a_sentence_that_is_picked_twice_stays_the_first(pointing: Pointing) -> None:
    once = pick(pointing, FIRST)
    assert evidence_of(pointing.marked([once, once]), FIRST) == [(1, 0, 0)] * 2


def test_words_that_the_reader_chose_too_are_no_further_candidate(pointing: Pointing) -> None:
    same = pointing.marked([pick(pointing, FIRST, "Bij")])
    other = pointing.marked([pick(pointing, FIRST, "drie gewonden")])
    count = len(pointing.composition.weighed)
    assert (len(same), len(other)) == (count, count + 1)
    assert sorted(evidence_of(same, FIRST)) == [(1, 0, 0), (1, 0, 1)]
    assert sorted(evidence_of(other, FIRST)) == [(1, 0, 0), (1, 0, 0), (1, 0, 1)]


def test_words_outside_the_sentence_are_no_candidate(pointing: Pointing) -> None:
    marked = pointing.marked([pick(pointing, FIRST, "Waterdam")])
    assert len(marked) == len(pointing.composition.weighed)
    assert {each.sentence for each in marked} == {
        each.sentence for each in pointing.composition.weighed
    }
    assert evidence_of(marked, FIRST) == [(1, 0, 0)] * 2


def test_a_pick_says_nothing_about_a_title_or_a_quote_of_one(pointing: Pointing) -> None:
    titles = tuple(replace(each, field=TITLE) for each in pointing.composition.weighed)
    quotes = tuple(replace(each, field=TITLE) for each in pointing.composition.citations)
    of_titles = replace(pointing.composition, weighed=titles, citations=quotes)
    marked = replace(pointing, composition=of_titles).marked([pick(pointing, FIRST)])
    assert [each.evidence for each in marked[: len(titles)]] == [each.evidence for each in titles]
    assert marked[-1].evidence.pointed_first
    after = replace(pointing, composition=of_titles).compose([pick(pointing, FIRST)])
    assert after.citations[: len(quotes)] == quotes
    assert [(each.quote, each.pointed) for each in after.citations[len(quotes) :]] == [
        (FIRST, True)
    ]
