"""The sentences of some passages, ranked by the words they share with a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index_store.analysis.terms import QuestionTerm, question_terms, terms
from index_store.store import StoreView
from qa.retrieval.passage import Passage
from qa.text.sentences import split_sentences

_PASSAGE_WEIGHT = 0.4  # of one standard deviation in the fused score
_FITTING_WEIGHT = 0.25

# What an answer is likely to hold, by the words that ask for it.
_FITTING = (
    (re.compile(r"\b(hoeveel|how many|how much)\b", re.IGNORECASE), re.compile(r"\d")),
    (
        re.compile(r"\b(wanneer|when|welk jaar|which year|what year)\b", re.IGNORECASE),
        re.compile(r"\b\d{4}\b|\b\d{1,2} \w+|dag\b"),
    ),
    (re.compile(r"\b(wie|who|whom)\b", re.IGNORECASE), re.compile(r"\w\s+[A-Z]\w+")),
)


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a passage, at `passage.article.text[start:end]`; a better score is higher."""

    passage: Passage
    start: int
    end: int
    score: float


class SharedWords:
    """The words of one question, weighed by how telling they are in an archive."""

    def __init__(self, view: StoreView, question: str) -> None:
        self._words: list[QuestionTerm] = list(question_terms(question))
        self._weights = view.word_weights(self._words)
        self.weight = sum(self._weights)

    def share_in(self, text: str, language: str | None) -> float:
        """Return the share of the words, weighted, that a text holds (0–1)."""
        held = set(terms(text, language=language))
        shared = sum(
            weight
            for word, weight in zip(self._words, self._weights, strict=True)
            if not held.isdisjoint(word.alternatives)
        )
        return shared / self.weight if self.weight else 0.0


def rank_sentences(
    view: StoreView, question: str, passages: Sequence[Passage]
) -> list[RankedSentence]:
    """Return the sentences of the passages, best first, ties by article and place."""
    words = SharedWords(view, question)
    found = [
        RankedSentence(
            passage,
            passage.chunk.start + sentence.start,
            passage.chunk.start + sentence.end,
            words.share_in(text, passage.article.language)
            + _PASSAGE_WEIGHT * (passage.score - passages[0].score)
            + _FITTING_WEIGHT * fits(question, text),
        )
        for passage in passages
        for sentence in split_sentences(passage.chunk.text, language=passage.article.language)
        if sentence.heading is None
        for text in [passage.chunk.text[sentence.start : sentence.end]]
    ]
    return sorted(found, key=lambda each: (-each.score, each.passage.article.id, each.start))


def fits(question: str, text: str) -> float:
    """Return 1 if a text holds the kind of thing that is asked for, else 0.

    >>> fits("Hoeveel tanks zijn er?", "Er zijn 1.912 tanks."), fits("Hoeveel?", "Veel.")
    (1.0, 0.0)
    """
    return float(any(asks.search(question) and holds.search(text) for asks, holds in _FITTING))
