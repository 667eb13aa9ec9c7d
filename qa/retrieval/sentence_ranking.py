"""Ranks the sentences of passages by the words that they share with a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index_store.analysis.terms import QuestionTerm, terms
from index_store.store import StoreView
from qa.question.expected import ExpectedAnswer
from qa.question.inquiry import Inquiry
from qa.retrieval.passage import Passage
from qa.text.attribution.correction import with_correction
from qa.text.sentences import split_sentences

_PASSAGE_WEIGHT = 0.4  # of one standard deviation in the fused score
_FITTING_WEIGHT = 0.25

# The pattern that an answering sentence probably holds, by the kind of the expected answer.
_NUMBER = re.compile(r"\d")
_TIME = re.compile(r"\b\d{4}\b|\b\d{1,2} \w+|dag\b")
_NAME = re.compile(r"\w\s+[A-Z]\w+")
_FITTING = {
    **dict.fromkeys(("number", "share", "age", "duration", "money", "measure"), _NUMBER),
    **dict.fromkeys(("time", "year", "month", "weekday", "clock"), _TIME),
    **dict.fromkeys(("person", "place", "organisation"), _NAME),
}


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a passage, at `passage.article.text[start:end]`; higher scores are better."""

    passage: Passage
    start: int
    end: int
    score: float


class SharedWords:
    """The words of one question, each weighted by how informative it is in an archive."""

    def __init__(self, view: StoreView, words: Sequence[QuestionTerm]) -> None:
        self._words = words
        self._weights = view.word_weights(self._words)
        self.weight = sum(self._weights)

    def share_in(self, text: str, language: str | None) -> float:
        """Return the weighted share of the words that a text holds (0–1)."""
        held = set(terms(text, language=language))
        shared = sum(
            weight
            for word, weight in zip(self._words, self._weights, strict=True)
            if not held.isdisjoint(word.alternatives)
        )
        return shared / self.weight if self.weight else 0.0


def rank_sentences(
    view: StoreView, inquiry: Inquiry, passages: Sequence[Passage]
) -> list[RankedSentence]:
    """Return the sentences of the passages, best first, ties by article and place."""
    words = SharedWords(view, inquiry.terms)
    found = [
        RankedSentence(
            passage,
            passage.chunk.start + start,
            passage.chunk.start + end,
            words.share_in(text, passage.article.language)
            + _PASSAGE_WEIGHT * (passage.score - passages[0].score)
            + _FITTING_WEIGHT * fits(inquiry.expected, text),
        )
        for passage in passages
        for start, end in _told_in(passage)
        for text in [passage.chunk.text[start:end]]
    ]
    return sorted(found, key=lambda each: (-each.score, each.passage.article.id, each.start))


def _told_in(passage: Passage) -> list[tuple[int, int]]:
    """Return where the sentences of a passage are in its chunk; a correction is one with its fault.

    Headings are left out.
    """
    text = passage.chunk.text
    sentences = split_sentences(text, language=passage.article.language)
    runs = dict.fromkeys(
        with_correction(text, sentences, number, number)
        for number, sentence in enumerate(sentences)
        if sentence.heading is None
    )
    return [(sentences[first].start, sentences[last].end) for first, last in runs]


def fits(expected: ExpectedAnswer, text: str) -> float:
    """Return 1 if a text seems to hold an answer of the expected kind, else 0.

    >>> fits(ExpectedAnswer.NUMBER, "Er zijn 1.912 tanks."), fits(ExpectedAnswer.NUMBER, "Veel.")
    (1.0, 0.0)
    """
    likely = _FITTING.get(expected.value)
    return float(likely is not None and bool(likely.search(text)))
