"""The systems that are measured: Dateline, and simpler baselines that it must beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index_store.records import ArticleFilter
from index_store.store import StoreView
from qa.answer.records import TEXT
from qa.assistant import Assistant
from qa.evaluation.questions import ArchiveQuestion
from qa.models.encoder import Encoder
from qa.question.checks import asked_articles
from qa.question.inquiry import Inquiry, understand
from qa.question.kind import AnswerKind
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Query, Retriever, ScoredChunk
from qa.retrieval.sentence_ranking import rank_sentences
from qa.retrieval.stages import StageClock, Stages
from qa.settings import RetrievalSettings

RANKED = 20  # passages looked at; the reader reads the first few of them
_SENTENCES_FROM = 8  # passages
_RETRIEVING = ("view", "select", "dense", "lexical", "fuse", "passages")


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim text of a field of an article, with its place in characters."""

    text: str
    article_id: str
    start: int
    end: int
    field: str = TEXT


@dataclass(frozen=True, slots=True)
class SystemAnswer:
    """The answer of a system to a question; without `quotes`, the system abstains.

    `answer` is the short answer, if there is one. A higher `confidence` is surer. `ms` are
    milliseconds: see `stage_milliseconds`.
    """

    answer: str | None
    quotes: tuple[Quote, ...]
    confidence: float
    passages: tuple[Passage, ...]
    ms: dict[str, float]


class System(Protocol):
    """A way to answer questions."""

    @property
    def name(self) -> str:
        """The name in tables."""

    @property
    def probabilities(self) -> bool:
        """Whether the confidence is the probability that the answer is right."""

    def answer(self, question: ArchiveQuestion) -> SystemAnswer:
        """Answer one question."""


class Baseline(StrEnum):
    """A simple system that abstains only if it finds nothing.

    `DENSE`, `LEXICAL` and `HYBRID` show the first passage by embeddings alone, by BM25 alone and by
    both; `SENTENCE` shows the best sentence of the first passages. They give no short answer: they
    are right if the text that they show contains an answer or the evidence, which is easier for a
    passage than for a sentence or a phrase.
    """

    DENSE = "dense"
    LEXICAL = "lexical"
    HYBRID = "hybrid"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class ReaderSystem:
    """Dateline itself: `Assistant.ask`, which may abstain."""

    assistant: Assistant
    today: date
    name: str = "reader"
    probabilities: bool = True
    use_generator: bool = False

    def answer(self, question: ArchiveQuestion) -> SystemAnswer:
        """Ask as a user would; with `use_generator`, a language model is asked as well."""
        today = question.today or self.today
        answer = self.assistant.ask(
            question.question,
            today=today,
            limit=RANKED,
            use_generator=self.use_generator,
            **question.selection,
        )
        ms = stage_milliseconds(answer.stages, answer.seconds)
        quotes = tuple(
            Quote(each.quote, each.article.id, each.start, each.end, each.field)
            for each in answer.citations
        )
        # Of a count or a comparison the plain line is the answer.
        is_told = answer.kind in (AnswerKind.ARCHIVE, AnswerKind.COMPARE)
        told = answer.lead if is_told and answer.answer is None else answer.answer
        return SystemAnswer(told, quotes, answer.confidence, answer.passages, ms)


class BaselineSystem:
    """One of the baselines over the same archive."""

    probabilities = False

    def __init__(self, assistant: Assistant, baseline: Baseline) -> None:
        """Answer in the way that `baseline` names."""
        self.name = baseline.value
        self._archive = assistant.archive
        self._baseline = baseline

    def answer(self, question: ArchiveQuestion) -> SystemAnswer:
        """Show the first passage, or the best sentence."""
        clock = StageClock()
        retriever = _retriever(self._baseline, self._archive.encoder(), clock)
        with clock.timing("view"):
            view = self._archive.view()
        assert view is not None  # noqa: S101 - an archive that is asked is not empty
        only = asked_articles(question.selection)
        with clock.timing("understand"):
            inquiry = understand(question.question, only=only, period_from_words=False)
        passages = retriever.retrieve(view, retriever.query(inquiry), limit=RANKED, only=only)
        with clock.timing("compose"):
            quotes, confidence = self._show(view, inquiry, passages)
        ms = stage_milliseconds(clock.stages(), clock.seconds())
        return SystemAnswer(None, quotes, confidence, tuple(passages), ms)

    def _show(
        self, view: StoreView, inquiry: Inquiry, passages: Sequence[Passage]
    ) -> tuple[tuple[Quote, ...], float]:
        """Return the quotes to show, and the score that chose them."""
        if self._baseline is Baseline.SENTENCE:
            for best in rank_sentences(view, inquiry, passages[:_SENTENCES_FROM]):
                article = best.passage.article
                text = article.text[best.start : best.end]
                return (Quote(text, article.id, best.start, best.end),), best.score
            return (), 0.0
        if not passages:
            return (), 0.0
        chunk, score = passages[0].chunk, _own_score(self._baseline, passages[0])
        return (Quote(chunk.text, passages[0].article.id, chunk.start, chunk.end),), score


def stage_milliseconds(stages: Stages, seconds: float) -> dict[str, float]:
    """Return the stages of an answer for a table: those of the search as one, and the rest.

    >>> stage_milliseconds(Stages(encode=3.0, dense=2.0, fuse=1.0), 0.008)["rest"]
    2.0
    """
    ms = {
        "understand": stages.understand,
        "encode": stages.encode,
        "retrieve": sum(getattr(stages, name) for name in _RETRIEVING),
        "read": stages.read,
        "compose": stages.compose,
    }
    return ms | {"rest": seconds * 1000 - sum(ms.values()), "whole": seconds * 1000}


def _own_score(baseline: Baseline, passage: Passage) -> float:
    """Return the score that orders the confidence in a passage; fused scores are only relative."""
    return passage.lexical if baseline is Baseline.LEXICAL else passage.dense


def _retriever(baseline: Baseline, encoder: Encoder, clock: StageClock) -> Retriever:
    if baseline is Baseline.DENSE:
        return Retriever(encoder, RetrievalSettings(lexical_weight=0.0), clock)
    if baseline is Baseline.LEXICAL:
        return _WordsAlone(encoder, RetrievalSettings(), clock)
    return Retriever(encoder, RetrievalSettings(), clock)


class _WordsAlone(Retriever):
    """Ranks by BM25 only; a weight of 1 would not do, since it shrinks with unknown words."""

    def query(self, inquiry: Inquiry) -> Query:
        return Query(np.empty(0, np.float32), inquiry.terms)

    def rank(
        self,
        view: StoreView,
        query: Query,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[ScoredChunk]:
        del only  # words are searched where the chunk numbers are
        found = view.lexical(query.terms, RetrievalSettings().candidates, selected)
        candidates = [ScoredChunk(number, 0.0, score, score) for number, score in found]
        return sorted(candidates, key=lambda each: (-each.score, each.number))
