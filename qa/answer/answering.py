"""One question over one state of a store: retrieve, read, weigh, compose."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index_store.analysis.terms import QuestionTerm
from index_store.store import StoreView
from qa.answer.archive_facts import archive_facts
from qa.answer.candidates import (
    PASSAGES_READ,
    by_time,
    find_candidates,
    margin_and_support,
)
from qa.answer.composer import Composition, abstention, compose
from qa.models.calibration import Calibration
from qa.models.reader.reader import Reader
from qa.question.inquiry import Inquiry
from qa.question.kind import AnswerKind
from qa.question.period import PeriodKind
from qa.retrieval.by_time import (
    PASSAGES_WEIGHED,
    find_passages,
    is_outside,
    speaks_of,
    where_it_lies,
)
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Retriever
from qa.retrieval.sentence_ranking import SharedWords

# Cosines mean something else with another encoder.
_KNOWN_COSINES = "/multilingual-e5-small"
_TELLING_WEIGHT = 5.0  # of all words of a question; one rare word in a small archive weighs 4
_ON_SUBJECT = 0.3  # probability


@dataclass(frozen=True, slots=True)
class Answering:
    """What is needed to answer, put together; `reader` loads the reader when it is called."""

    retriever: Retriever
    reader: Callable[[], Reader]
    calibration: Calibration
    threshold: float

    def answer(
        self,
        view: StoreView,
        inquiry: Inquiry,
        *,
        limit: int,
        on_passages: Callable[[Sequence[Passage]], None] = lambda _: None,
    ) -> tuple[Composition, list[Passage]]:
        """Return the answer, and the passages it was sought in (at most `limit`).

        `on_passages` is told of the first ones before they are read.

        Where nothing in a period of the question answers, what speaks of that period may, though
        published outside it. Failing that, the passages are those of outside, if they answer;
        bounds that were given hold for all that is shown.
        """
        if inquiry.kind is AnswerKind.ARCHIVE:
            return archive_facts(view, inquiry)
        count, only = max(limit, PASSAGES_READ), inquiry.only
        query = self.retriever.query(inquiry)
        passages = find_passages(self.retriever, view, inquiry, query, limit=count)
        on_passages(passages[:limit])
        composition = self._compose(view, inquiry, passages)
        if composition.reason and only.published:
            anywhere = replace(only, published=None)
            wide = self.retriever.retrieve(view, query, limit=PASSAGES_WEIGHED, only=anywhere)
            if inquiry.period.kind is PeriodKind.STATED and not inquiry.period.exact:
                telling = [each for each in wide if speaks_of(each, only.published)]
                answer = self._compose(view, inquiry, telling)
                if answer.reason is None:
                    return answer, telling[:limit]
            wide = [each for each in wide if is_outside(each.article.published, only)]
            elsewhere = self._compose(view, inquiry, wide)
            if elsewhere.reason is None:
                shown = wide if inquiry.period.kind is PeriodKind.STATED else passages
                told = [each.article.published for each in elsewhere.citations]
                reason, sure = where_it_lies(told, only), composition.confidence
                return abstention(inquiry.language, reason, sure), shown[:limit]
        return composition, passages[:limit]

    def _compose(
        self, view: StoreView, inquiry: Inquiry, passages: Sequence[Passage]
    ) -> Composition:
        language, kind = inquiry.language, inquiry.shape
        if not passages:
            return abstention(language, "none_selected", 0.0)
        candidates = find_candidates(view, self.reader(), self.calibration, inquiry, passages)
        if not candidates:
            return abstention(language, "no_answer", 0.0)
        evidence, stands = candidates[0].evidence, margin_and_support(candidates, kind)
        confidence = self.calibration.probability(evidence, stands)
        if confidence < self.threshold:
            reason = (
                "no_answer" if archive_speaks_of(view, inquiry.terms, passages) else "nothing_near"
            )
            return abstention(language, reason, confidence)
        if inquiry.period.order:
            candidates = by_time(candidates, inquiry.period.order)
        return compose(language, kind, candidates, confidence)


def archive_speaks_of(
    view: StoreView, terms: Sequence[QuestionTerm], passages: Sequence[Passage]
) -> bool:
    """Tell whether the archive, of which these are the best passages, is about this at all."""
    return _on_subject(view, terms, passages) >= _ON_SUBJECT


def _on_subject(
    view: StoreView, terms: Sequence[QuestionTerm], passages: Sequence[Passage]
) -> float:
    """Return how likely it is that the archive speaks of this at all (0–1).

    A logistic fit, on questions with and without an answer over the seeds and Dutch Wikipedia
    paragraphs, of the best cosine of multilingual-e5-small and of the best share of the
    question's words in one passage. It tells other subjects from those of the archive, but not a
    missing answer on a subject that is there. A question without telling words shares nothing.
    """
    words = SharedWords(view, terms)
    telling = min(1.0, words.weight / _TELLING_WEIGHT)
    shared = telling * max(
        words.share_in(passage.chunk.text, passage.article.language) for passage in passages
    )
    if not view.manifest.encoder.endswith(_KNOWN_COSINES):
        return shared
    nearest = max(passage.dense for passage in passages)
    return 1 / (1 + math.exp(46.5 - 55.0 * nearest - 4.0 * shared**3))
