"""Asks a system every question, and judges its answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from index_store.analysis.language import detect_language
from qa.answer.records import TEXT
from qa.evaluation.matching import (
    exact_match,
    holds_answer,
    holds_verbatim,
    is_right,
    token_f1,
)
from qa.evaluation.outcomes import QuestionOutcome, Summary, summarise
from qa.evaluation.progress import each_counted
from qa.evaluation.questions import ArchiveQuestion, SpanQuestion
from qa.evaluation.ranking import ranking_scores
from qa.evaluation.systems import RANKED, Quote, System, SystemAnswer
from qa.models.reader.reader import Reader, Text
from qa.question.kind import analyse
from qa.retrieval.passage import Passage
from qa.retrieval.stages import StageClock

_SURE = 0.7  # the confidence from which a wrong answer misleads
ANSWERABLE = 0.5  # the probability below which a context, read alone, is said not to answer


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes of one system for every question."""

    name: str
    summary: Summary
    outcomes: tuple[QuestionOutcome, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the run as JSON values."""
        return {
            "summary": {"system": self.name, **self.summary.to_dict()},
            "rows": [outcome.to_dict() for outcome in self.outcomes],
        }


def ask_all(questions: Sequence[ArchiveQuestion], system: System) -> Run:
    """Ask a system every question; tell how far it is.

    Raises:
        SettingsError: ir-measures is not installed.
    """
    outcomes: list[QuestionOutcome] = []
    ranks: list[int | None] = []
    for question in each_counted(questions, system.name, unit="questions"):
        shown = system.answer(question)
        outcomes.append(judge(question, shown))
        ranks.append(evidence_rank(question, shown.passages))
    ranked = (
        replace(outcome, scores={**outcome.scores, **scores}) if outcome.answerable else outcome
        for outcome, scores in zip(outcomes, ranking_scores(ranks, depth=RANKED), strict=True)
    )
    kept = tuple(ranked)
    return Run(system.name, summarise(kept, probabilities=system.probabilities), kept)


def read_all(questions: Sequence[SpanQuestion], reader: Reader) -> Run:
    """Let the reader find each answer in its own context.

    Exact match and F1 are those of the best span, even if the reader says that the context does not
    answer; the right-answer rate counts both. The signals are the score of that span and the
    probability that the context answers at all.
    """
    outcomes = []
    for question in each_counted(questions, "reading", unit="questions"):
        clock = StageClock()
        with clock.timing("read"):
            found = reader.read(question.question, [Text(question.context, question.preface)])
        span = found[0] if found else None
        answered = span is not None and span.answerable >= ANSWERABLE
        outcome = _outcome(
            question,
            words=span.text if span else "",
            answer=span.text if span else None,
            quotes=(),
            answered=answered,
            right=answered and is_right(span.text if span else "", question.answers),
            confidence=span.answerable if span else 0.0,
            ms={"read": clock.stages().read},
        )
        signals = {
            "span": span.score if span else -math.inf,
            "presence": span.answerable if span else 0.0,
        }
        outcomes.append(replace(outcome, kinds=question.kinds, signals=signals))
    return Run("reader", summarise(outcomes, probabilities=False), tuple(outcomes))


def judge(question: ArchiveQuestion, shown: SystemAnswer) -> QuestionOutcome:
    """Judge the answer to a question; this does not measure the ranking of the passages.

    If the answer is a whole sentence, its first quote replaces the short answer; it is right if it
    contains an answer or the evidence.
    """
    holding = [holds(question, quote) for quote in shown.quotes]
    first = shown.quotes[0].text if shown.quotes else ""
    if shown.answer is None:
        right = bool(holding) and holding[0]
    else:
        right = is_right(shown.answer, question.answers)
    outcome = _outcome(
        question,
        words=shown.answer or first,
        answer=shown.answer,
        quotes=tuple(quote.text for quote in shown.quotes),
        answered=bool(shown.quotes),
        right=right,
        confidence=shown.confidence,
        ms=shown.ms,
    )
    is_wrong = outcome.answered and not outcome.right
    citing = {
        "wrong_but_sure": float(is_wrong and shown.confidence >= _SURE),
        "citation_precision": sum(holding) / len(holding) if holding else None,
        "citation_recall": float(any(holding)) if question.answers else None,
        "first_quote": float(any(holding[:1])) if question.answers else None,
    }
    return replace(
        outcome,
        scores={**outcome.scores, **citing},
        kinds=question.kinds,
        answer_kind=analyse(question.question, detect_language(question.question)).kind.value,
    )


def holds(question: ArchiveQuestion, quote: Quote) -> bool:
    """Tell whether a quote from an answering article contains an answer or the evidence."""
    if not _of_article(question, quote.article_id):
        return False
    place = question.place if quote.field == TEXT else None
    return (
        (place is not None and quote.start <= place.start and place.end <= quote.end)
        or holds_verbatim(quote.text, question.evidence)
        or holds_answer(quote.text, question.answers)
    )


def evidence_rank(question: ArchiveQuestion, passages: Sequence[Passage]) -> int | None:
    """Return the rank (from 1) of the first passage with the evidence, or `None`.

    If the place of the answer is known, the passage must overlap it. Otherwise it must contain the
    evidence, or an answer if no evidence is given.
    """
    return next(
        (rank for rank, each in enumerate(passages, start=1) if _is_evidence(question, each)), None
    )


def _is_evidence(question: ArchiveQuestion, passage: Passage) -> bool:
    chunk, place = passage.chunk, question.place
    if not question.answers or not _of_article(question, passage.article.id):
        return False
    if place is not None:
        return chunk.start < place.end and place.start < chunk.end
    if question.evidence:
        return holds_verbatim(chunk.text, question.evidence)
    return holds_answer(chunk.text, question.answers)


def _of_article(question: ArchiveQuestion, article_id: str) -> bool:
    return not question.articles or article_id in question.articles


def _outcome(
    question: ArchiveQuestion | SpanQuestion,
    *,
    words: str,
    answer: str | None,
    quotes: tuple[str, ...],
    answered: bool,
    right: bool,
    confidence: float,
    ms: dict[str, float],
) -> QuestionOutcome:
    answerable = bool(question.answers)
    as_it_should_be = right if answerable else not answered
    scores: dict[str, float | None] = {"right": float(as_it_should_be)}
    if answerable:
        scores |= {
            "right_answer_rate": float(right),
            "exact_match": exact_match(words, question.answers),
            "f1": token_f1(words, question.answers),
            "refused_answerable": float(not answered),
        }
    else:
        scores["refusal_rate"] = float(not answered)
    return QuestionOutcome(
        id=question.id,
        question=question.question,
        kind=question.kind,
        answerable=answerable,
        answered=answered,
        right=as_it_should_be,
        confidence=confidence,
        answer=answer,
        quotes=quotes,
        scores=scores,
        ms=ms,
    )
