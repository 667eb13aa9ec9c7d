"""Answers broad questions: who somebody is, what was said or happened, with several quotes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index_store.store import StoreView
from qa.answer.broad_confidence import (
    SPOKEN,
    asks_for_all,
    confidence_in_digest,
    confidence_in_topic,
)
from qa.answer.candidates import PASSAGES_READ
from qa.answer.composer import Composition
from qa.answer.description import describe
from qa.answer.digest import QUOTES, Digest, compose_digest, find_digest, focus_of
from qa.answer.records import TEXT
from qa.answer.speech import may_be_by, with_name_told
from qa.answer.timeline.slices import parts_of_time
from qa.question.inquiry import Inquiry
from qa.question.kind import AnswerKind
from qa.retrieval.by_time import PASSAGES_WEIGHED
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Query, Retriever
from qa.retrieval.sentence_ranking import RankedSentence

BROAD = {AnswerKind.REPORT, AnswerKind.OVERVIEW, AnswerKind.WHO}  # no single phrase answers these
# What a digest makes of an answer that it does not open with.
_IN_A_TITLE = 0.1
_OF_ANOTHER = 0.0  # another speaker or subject: a digest that leaves it out hardly answers


@dataclass(frozen=True, slots=True)
class BroadAnswers:
    """What is needed to answer broadly.

    `read` returns what the reader finds in the texts of passages, asked an inquiry. No answer is
    given with a confidence below `threshold` (0–1).
    """

    retriever: Retriever
    read: Callable[[StoreView, Inquiry, Sequence[Passage]], Composition]
    threshold: float

    def find(
        self, view: StoreView, inquiry: Inquiry, query: Query, direct: Composition
    ) -> tuple[Composition, list[Passage]] | None:
        """Return a description or a digest, if the archive speaks of what is asked at all.

        `direct` is what the reader finds: it opens a digest.
        """
        parts = inquiry.analysis
        if not (parts.topic or parts.speaker) and inquiry.period.speaks_of:
            return None  # "Wat gebeurde er in 2015?", of which no article is
        passages = self._wide_passages(view, inquiry, query)
        found = self.find_among(view, inquiry, passages, direct)
        return (found, passages) if found else None

    def find_among(
        self, view: StoreView, inquiry: Inquiry, passages: Sequence[Passage], direct: Composition
    ) -> Composition | None:
        """Return what `find` returns, of these passages."""
        focus, parts = focus_of(inquiry), inquiry.analysis
        confidence = confidence_in_topic(view, focus, passages)
        if confidence < self.threshold:
            return None
        confidence = max(direct.confidence, confidence)
        if inquiry.kind is AnswerKind.WHO:
            described = describe(focus.asked, passages, inquiry.language, confidence)
            if described is not None:
                return described
        digest, read = self._find_digest(view, inquiry, focus, passages, direct)
        if not asks_for_all(inquiry, focus):
            spoken = digest.is_speech and digest.is_on_topic
            confidence = confidence_in_digest(read, is_spoken=spoken)
        # That somebody is named tells nothing of them and the topic.
        only_names = parts.speaker and parts.topic and not (digest.is_speech or digest.is_on_topic)
        if confidence < self.threshold or not digest.quotes or (only_names and direct.reason):
            return None
        return compose_digest(focus, digest, confidence)

    def find_elsewhere(
        self, view: StoreView, inquiry: Inquiry, passages: Sequence[Passage], direct: Composition
    ) -> Composition | None:
        """Return what `find_among` returns of passages of another time, if it surely answers.

        That there is an answer is only told of it; nobody sees the quotes and judges. So it is no
        answer that something happened, or that the speaker said what may be on the topic.
        """
        parts = inquiry.analysis
        if not (parts.topic or parts.speaker):
            return None
        found = self.find_among(view, inquiry, passages, direct)
        return None if found and parts.topic and found.confidence <= SPOKEN else found

    def _find_digest(
        self,
        view: StoreView,
        inquiry: Inquiry,
        focus: Inquiry,
        passages: Sequence[Passage],
        direct: Composition,
    ) -> tuple[Digest, float]:
        """Return a digest, and how sure the reader is (0–1) of what it opens with.

        Where the reader does not see that a speaker's words answer, and the article calls the
        speaker otherwise, it is asked once more with that name: it does not know that a ministry
        speaks for China.
        """
        found = first_sentence(direct, passages)
        digest = find_digest(view, focus, passages, first=found)
        if digest.is_read:
            return digest, direct.confidence
        named = with_name_told(inquiry, digest.quotes) if digest.is_speech else None
        if named is not None:
            tellers = {each.passage.article.id for each in digest.quotes}
            told = [each for each in passages if each.article.id in tellers][:PASSAGES_READ]
            heard = self.read(view, named, told)
            again = find_digest(view, focus, passages, first=first_sentence(heard, passages))
            if again.is_read:
                return again, heard.confidence
        if direct.reason:
            return digest, direct.confidence
        return digest, _OF_ANOTHER if found else _IN_A_TITLE

    def _wide_passages(self, view: StoreView, inquiry: Inquiry, query: Query) -> list[Passage]:
        """Return passages on a topic: of the whole time for an overview, else the best."""
        only = inquiry.only
        if inquiry.kind is AnswerKind.OVERVIEW:
            undated = only.include_undated or not (only.published or only.as_of)
            parts = parts_of_time(view, only, QUOTES, undated=undated)
            return self.retriever.spread(view, query, parts, limit=PASSAGES_READ)
        return self.retriever.retrieve(view, query, limit=PASSAGES_WEIGHED, only=only)


def may_be_by_speaker(inquiry: Inquiry, direct: Composition, passages: Sequence[Passage]) -> bool:
    """Tell whether what the reader found can be by the speaker in the question, if there is one."""
    speaker, found = inquiry.analysis.speaker, first_sentence(direct, passages)
    if not speaker or found is None:
        return True
    # "The students" are called otherwise in a Dutch article; names are known in both languages.
    is_foreign = found.passage.article.language not in (None, inquiry.language)
    is_common = speaker.text.split()[-1].islower()
    return (is_foreign and is_common) or may_be_by(found, speaker.text)


def first_sentence(direct: Composition, passages: Sequence[Passage]) -> RankedSentence | None:
    """Return what the reader found as a sentence to choose among, if it found an answer."""
    if not direct.citations or direct.citations[0].field != TEXT:
        return None
    best = direct.citations[0]
    passage = next((each for each in passages if each.article.id == best.article.id), None)
    return RankedSentence(passage, best.start, best.end, math.inf) if passage else None
