"""Assembles the `Answer` that leaves the program."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.composer import Composition
from qa.answer.records import Answer
from qa.question.inquiry import Inquiry
from qa.retrieval.passage import Passage
from qa.retrieval.stages import StageClock


def assemble_answer(
    inquiry: Inquiry,
    composition: Composition,
    passages: Sequence[Passage],
    *,
    fingerprint: str,
    clock: StageClock,
) -> Answer:
    """Join what was asked, what was found and how long it took; the clock is read now."""
    return Answer(
        question=inquiry.question,
        answer=composition.answer,
        text=composition.text,
        abstained=composition.reason is not None,
        reason=composition.reason,
        confidence=composition.confidence,
        citations=composition.citations,
        passages=tuple(passages),
        date_range=inquiry.only.published,
        seconds=clock.seconds(),
        fingerprint=fingerprint,
        applied_period=inquiry.period,
        as_of=inquiry.only.as_of,
        values=composition.values,
        lead=composition.lead,
        standalone=inquiry.whole,
        language=inquiry.language,
        kind=inquiry.kind,
        only=inquiry.only,
        count=composition.count,
        articles=composition.articles,
        stages=clock.stages(),
        computed=composition.computed,
    )
