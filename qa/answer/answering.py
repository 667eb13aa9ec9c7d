"""One question over one state of a store: retrieve, read, weigh, compose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from index_store.store import StoreView
from qa.answer.archive_facts import archive_facts
from qa.answer.broadly import BROAD, BroadAnswers, may_be_by_speaker
from qa.answer.candidates import (
    PASSAGES_READ,
    Candidate,
    by_time,
    find_candidates,
    margin_and_support,
)
from qa.answer.comparison_answer import answer_comparison
from qa.answer.composer import Composition, abstention, compose
from qa.answer.one_voice import one_voice
from qa.answer.quantity_search import QuantitySearch
from qa.answer.records import TITLE
from qa.answer.subject import archive_speaks_of, holds_a_name, unknown_names
from qa.answer.titles import agreeing, among_texts, with_titles
from qa.models.calibration import Calibration
from qa.models.reader.reader import Reader
from qa.question.inquiry import Inquiry
from qa.question.kind import AnswerKind, QuestionKind
from qa.question.period import PeriodKind
from qa.retrieval.by_time import (
    PASSAGES_WEIGHED,
    find_passages,
    is_outside,
    speaks_of,
    where_it_lies,
)
from qa.retrieval.interruption import stop_if_in_vain
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Query, Retriever
from qa.retrieval.stages import StageClock
from qa.settings import AnswerSettings
from qa.text.phrases import phrase

_BEST = 2  # passages, whose articles are read further where no answer was found
_SOUGHT_IN_BEST = 100  # passages among which their others are sought
_UNSURE = 0.5  # a text that is no surer gives way to a title that is


@dataclass(frozen=True, slots=True)
class Answering:
    """What is needed to answer, put together; `reader` loads the reader when it is called."""

    retriever: Retriever
    reader: Callable[[], Reader]
    calibration: Calibration
    threshold: float
    clock: StageClock

    def calibrated(self, calibration: Calibration, answers: AnswerSettings) -> Answering:
        """Return the same with another calibration, and with its threshold unless one was set."""
        threshold = answers.threshold_of(calibration.threshold)
        return replace(self, calibration=calibration, threshold=threshold)

    @property
    def _broad(self) -> BroadAnswers:
        return BroadAnswers(self.retriever, partial(self._compose, titles=False), self.threshold)

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
        if inquiry.kind is AnswerKind.COMPARE:
            with self.clock.timing("read"):
                compared = self._compare(view, inquiry)
            if compared is not None:
                on_passages(compared[1][:limit])
                return compared[0], compared[1][:limit]
        query = self.retriever.query(inquiry)
        count = max(limit, PASSAGES_READ)
        with self.clock.timing("passages"):
            passages = find_passages(self.retriever, view, inquiry, query, limit=count)
        on_passages(passages[:limit])
        with self.clock.timing("compose"):
            return self._answer_from(view, inquiry, query, passages, limit=limit)

    def _answer_from(
        self,
        view: StoreView,
        inquiry: Inquiry,
        query: Query,
        passages: list[Passage],
        *,
        limit: int,
    ) -> tuple[Composition, list[Passage]]:
        """Return the answer that these passages give, or others where they do not answer."""
        composition = self._compose(view, inquiry, passages)
        if composition.reason and inquiry.kind not in BROAD:
            rest = self._rest_of_best(view, inquiry, query, passages)
            further = self._compose(view, inquiry, rest, titles=False) if rest else composition
            if further.reason is None:
                shown = [*rest, *passages][:limit]
                return further, [replace(each, rank=n) for n, each in enumerate(shown, start=1)]
        if inquiry.kind in BROAD:
            broad = self._broad.find(view, inquiry, query, composition)
            if broad is not None:
                return broad[0], broad[1][:limit]
            if composition.reason is None and not may_be_by_speaker(inquiry, composition, passages):
                composition = _abstain(view, inquiry, passages, composition.confidence)
        return self._answer_by_period(view, inquiry, query, composition, passages, limit=limit)

    def _rest_of_best(
        self, view: StoreView, inquiry: Inquiry, query: Query, passages: Sequence[Passage]
    ) -> list[Passage]:
        """Return the passages of the best articles that were not read, as well ranked as those.

        The search takes few passages of one article, so that others have their turn.
        """
        best = {each.article.id: each.rank for each in reversed(passages[:_BEST])}
        read = {each.chunk.id for each in passages[:PASSAGES_READ]}
        found = self.retriever.retrieve(
            view, query, limit=_SOUGHT_IN_BEST, only=inquiry.only, per_article=_SOUGHT_IN_BEST
        )
        rest = [each for each in found if each.article.id in best and each.chunk.id not in read]
        return [replace(each, rank=best[each.article.id]) for each in rest]

    def _compare(
        self, view: StoreView, inquiry: Inquiry
    ) -> tuple[Composition, list[Passage]] | None:
        """Return the values that a question compares, if they are found."""
        search = QuantitySearch(
            view, self.retriever, self.reader, self.calibration, inquiry.language, inquiry.only
        )
        return answer_comparison(search, inquiry, self.threshold)

    def _answer_by_period(
        self,
        view: StoreView,
        inquiry: Inquiry,
        query: Query,
        composition: Composition,
        passages: list[Passage],
        *,
        limit: int,
    ) -> tuple[Composition, list[Passage]]:
        """Return an answer, or where one lies if there is none in the period asked about."""
        only = inquiry.only
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
            if elsewhere.reason and inquiry.kind in BROAD:
                digest = self._broad.find_elsewhere(view, inquiry, wide, elsewhere)
                elsewhere = digest or elsewhere
            if elsewhere.reason is None:
                shown = wide if inquiry.period.kind is PeriodKind.STATED else passages
                told = [each.article.published for each in elsewhere.citations]
                reason, sure = where_it_lies(told, only), composition.confidence
                return abstention(inquiry.language, reason, sure), shown[:limit]
            if _denies_wrongly(inquiry, composition, elsewhere):
                return elsewhere, wide[:limit]
        return composition, passages[:limit]

    def _compose(
        self,
        view: StoreView,
        inquiry: Inquiry,
        passages: Sequence[Passage],
        *,
        titles: bool = True,
    ) -> Composition:
        """Answer from passages, or if `titles` is set from a title where they do so unsurely."""
        stop_if_in_vain()
        language, kind = inquiry.language, inquiry.shape
        if not passages:
            return abstention(language, "none_selected", 0.0)
        with self.clock.timing("read"):
            candidates = find_candidates(view, self.reader(), self.calibration, inquiry, passages)
            candidates = one_voice(view, candidates, inquiry.only)
        confidence = self.confidence(candidates, kind)
        answers = bool(candidates) and confidence >= self.threshold
        if titles and (not answers or confidence < _UNSURE):
            with self.clock.timing("read"):
                told = self._find_in_titles(view, inquiry, passages, candidates)
            sure = self.confidence(told, kind)
            if told and sure >= (_UNSURE if answers else self.threshold):
                candidates, confidence, answers = agreeing(told), sure, True
        if not answers:
            abstained = _abstain(view, inquiry, passages, confidence)
            return replace(abstained, weighed=tuple(candidates))
        return self.compose_from(inquiry, candidates, confidence)

    def compose_from(
        self, inquiry: Inquiry, candidates: Sequence[Candidate], confidence: float
    ) -> Composition:
        """Return the answer that candidates give, the best of them first."""
        if inquiry.period.order:
            candidates = by_time(candidates, inquiry.period.order)
        may_change = inquiry.kind is AnswerKind.YES_NO
        language, kind = inquiry.language, inquiry.shape
        composition = compose(language, kind, candidates, confidence, may_change=may_change)
        return replace(composition, weighed=tuple(candidates))

    def _find_in_titles(
        self,
        view: StoreView,
        inquiry: Inquiry,
        passages: Sequence[Passage],
        in_texts: Sequence[Candidate],
    ) -> list[Candidate]:
        """Return what the titles hold, the best of it first, among what the texts hold."""
        titled, reader = with_titles(passages[:PASSAGES_READ]), self.reader()
        if not titled:
            return []
        found = find_candidates(view, reader, self.calibration, inquiry, titled, field=TITLE)
        return among_texts(found, in_texts)

    def confidence(self, candidates: Sequence[Candidate], kind: QuestionKind) -> float:
        """Return how likely the first of the candidates is right, as it stands among them."""
        if not candidates:
            return 0.0
        stands = margin_and_support(candidates, kind)
        return self.calibration.probability(candidates[0].evidence, stands)


def _denies_wrongly(inquiry: Inquiry, there: Composition, elsewhere: Composition) -> bool:
    """Tell whether only what was published outside a period of the question is on its subject.

    "In 2010" may be the time that is spoken of, so the archive is not said to hold nothing on it.
    """
    reasons = [phrase(name, inquiry.language) for name in ("nothing_near", "no_answer")]
    is_loose = inquiry.period.kind is PeriodKind.STATED and not inquiry.period.exact
    return is_loose and [there.reason, elsewhere.reason] == reasons


def _abstain(
    view: StoreView, inquiry: Inquiry, passages: Sequence[Passage], confidence: float
) -> Composition:
    """Say truly why there is no answer: a name that no article holds, or no passage on it."""
    unknown = unknown_names(view, inquiry, passages)
    if unknown:
        quoted = ", ".join(f"“{name}”" for name in unknown)
        return abstention(inquiry.language, "unknown_name", confidence, names=quoted)
    is_about = archive_speaks_of(view, inquiry, passages) or holds_a_name(inquiry, passages)
    return abstention(inquiry.language, "no_answer" if is_about else "nothing_near", confidence)
