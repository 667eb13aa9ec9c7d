"""From passages to an answer: the best sentences, quoted exactly, or word that there are none.

The only maker of `Citation`: whatever is shown as a quote has been compared with the article.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index_store.language import detect_language
from index_store.view import StoreView
from index_store.words import QuestionTerm, question_terms, terms
from qa.answer import Citation, Passage
from qa.errors import DatelineError
from qa.sentences import split_sentences
from qa.wording import display_date, display_title, phrase

_PASSAGES_READ = 8
_QUOTES = 3
_PASSAGE_WEIGHT = 0.4  # of one standard deviation in the fused score
_HINT_WEIGHT = 0.25
_KEEP = 0.3  # further quotes score at least this share of the best one's words
_CALIBRATED_ENCODER = "/multilingual-e5-small"
_WORTH_SHOWING = 0.5
_TELLING_WEIGHT = 5.0  # of all words of a question; one rare word in a small archive weighs 4

# What a sentence that answers is likely to hold, by the words that ask for it.
_HINTS = (
    (re.compile(r"\b(hoeveel|how many|how much)\b", re.IGNORECASE), re.compile(r"\d")),
    (
        re.compile(r"\b(wanneer|when|welk jaar|which year|what year)\b", re.IGNORECASE),
        re.compile(r"\b\d{4}\b|\b\d{1,2} \w+|dag\b"),
    ),
    (re.compile(r"\b(wie|who|whom)\b", re.IGNORECASE), re.compile(r"\w\s+[A-Z]\w+")),
)


@dataclass(frozen=True, slots=True)
class Composition:
    """The text of an answer with its citations; no citations and a reason when it abstains."""

    text: str
    reason: str | None
    confidence: float
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    start: int
    end: int
    score: float
    coverage: float


class Composer:
    """Makes answers out of passages."""

    def __init__(self, *, threshold: float) -> None:
        """Abstain below this confidence (0–1)."""
        self._threshold = threshold

    def compose(self, view: StoreView, question: str, passages: Sequence[Passage]) -> Composition:
        """Quote the best sentences of the passages, in the language of the question."""
        language = detect_language(question)
        if not passages:
            return abstention(language, "none_selected", 0.0)
        words = question_terms(question)
        weights = view.word_weights(words)
        candidates = [
            candidate
            for passage in passages[:_PASSAGES_READ]
            for candidate in _sentences(question, passage, passages[0].score, words, weights)
        ]
        candidates.sort(key=lambda c: (-c.score, c.passage.article.id, c.start))
        telling = min(1.0, sum(weights) / _TELLING_WEIGHT)
        confidence = _confidence(view, passages, candidates, telling)
        if not candidates or confidence < self._threshold:
            return abstention(language, "nothing_near", confidence)
        citations = tuple(
            cite(number, chosen.passage, chosen.start, chosen.end)
            for number, chosen in enumerate(_choose(candidates), start=1)
        )
        lines = [
            phrase(
                "lead" if citation.number == 1 else "further",
                language,
                title=display_title(citation.article),
                date=display_date(citation.article, language),
                quote=citation.quote,
                number=citation.number,
            )
            for citation in citations
        ]
        return Composition("\n".join(lines), None, confidence, citations)


def abstention(language: str, reason: str, confidence: float) -> Composition:
    """Say that there is no answer, and why."""
    why = phrase(reason, language)
    return Composition(f"{phrase('absent', language)} {why}", why, confidence, ())


def cite(number: int, passage: Passage, start: int, end: int) -> Citation:
    """Make a citation of `article.text[start:end]`, verified.

    Raises:
        DatelineError: the place is not a quote of the article; a bug that must not be shown.
    """
    article = passage.article
    quote = article.text[start:end]
    if not quote.strip() or not 0 <= start < end <= len(article.text):
        raise DatelineError(f"{start}–{end} is no quote of the article {article.id!r}")
    return Citation(number, quote, start, end, article)


def _sentences(
    question: str,
    passage: Passage,
    best_score: float,
    words: Sequence[QuestionTerm],
    weights: Sequence[float],
) -> list[_Candidate]:
    """Score each sentence of a passage: the words it shares, and how good the passage is."""
    article = passage.article
    found = []
    for sentence in split_sentences(passage.chunk.text, language=article.language):
        if sentence.heading is not None:
            continue
        text = passage.chunk.text[sentence.start : sentence.end]
        coverage = _coverage(text, article.language, words, weights)
        score = (
            coverage
            + _PASSAGE_WEIGHT * (passage.score - best_score)
            + _HINT_WEIGHT * _hint(question, text)
        )
        start = passage.chunk.start + sentence.start
        found.append(_Candidate(passage, start, start + len(text), score, coverage))
    return found


def _coverage(
    text: str, language: str | None, words: Sequence[QuestionTerm], weights: Sequence[float]
) -> float:
    """Return the share of the question's words, weighted, that a text holds (0–1)."""
    held = set(terms(text, language=language))
    total = sum(weights)
    shared = sum(
        weight
        for word, weight in zip(words, weights, strict=True)
        if not held.isdisjoint(word.alternatives)
    )
    return shared / total if total else 0.0


def _hint(question: str, text: str) -> float:
    """Return 1 if the sentence holds the kind of thing that is asked for, else 0."""
    return float(any(asks.search(question) and holds.search(text) for asks, holds in _HINTS))


def _choose(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Take the best sentences, none twice, as long as they are nearly as good as the first."""
    chosen: list[_Candidate] = []
    for candidate in candidates:
        repeated = any(
            candidate.passage.article.id == other.passage.article.id
            and candidate.start < other.end
            and other.start < candidate.end
            for other in chosen
        )
        if not chosen or (not repeated and candidate.score >= _KEEP * candidates[0].score):
            chosen.append(candidate)
        if len(chosen) == _QUOTES:
            break
    return chosen


def _confidence(
    view: StoreView,
    passages: Sequence[Passage],
    candidates: Sequence[_Candidate],
    telling: float,
) -> float:
    """Return how likely it is that the archive speaks of this at all (0–1).

    A logistic fit, on questions with and without an answer over the seeds and Dutch Wikipedia
    paragraphs, of the best cosine of multilingual-e5-small and of the best share of the
    question's words in one sentence. It tells other subjects from those of the archive (area
    under the curve .99 on the paragraphs), but not a missing answer on a subject that is there.
    `telling` is how far the question has telling words at all (0–1): to share "de" means nothing.
    Cosines of other encoders mean something else: there it never makes an answer abstain.
    """
    shared = telling * max((candidate.coverage for candidate in candidates), default=0.0)
    if not view.manifest.encoder.endswith(_CALIBRATED_ENCODER):
        return max(_WORTH_SHOWING, shared)
    nearest = max(passage.dense for passage in passages)
    return 1 / (1 + math.exp(46.5 - 55.0 * nearest - 4.0 * shared**3))
