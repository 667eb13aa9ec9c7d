"""The citations of answers and timelines as pandas frames; `qa/README.md` lists the columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qa.answer.records import Answer, Citation
from qa.answer.timeline.records import Timeline
from qa.retrieval.frame import (
    FLAG,
    NUMBER,
    PUBLISHED,
    STRING,
    WHOLE,
    frame_of,
    published_cells,
)

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame

_CITATION = {
    "number": WHOLE,
    "quote": STRING,
    "article_id": STRING,
    "title": STRING,
    "source": STRING,
    "author": STRING,
    "url": STRING,
    **PUBLISHED,
    "field": STRING,
    "start": WHOLE,
    "end": WHOLE,
    "page": WHOLE,
    "answer_start": WHOLE,
    "answer_end": WHOLE,
    "agrees": FLAG,
    "pointed": FLAG,
}
_TIMELINE = {"topic": STRING, **_CITATION}
_ANSWER = {
    "question": STRING,
    "answer": STRING,
    "kind": STRING,
    "confidence": NUMBER,
    **_CITATION,
    "fingerprint": STRING,
}


def answer_frame(answer: Answer) -> Frame:
    """Return a row for each citation of an answer; an abstention has no rows.

    Raises:
        SettingsError: pandas is not installed.
    """
    said = {
        "question": answer.question,
        "answer": answer.answer,
        "kind": answer.kind.value,
        "confidence": answer.confidence,
        "fingerprint": answer.fingerprint,
    }
    return frame_of(_rows(answer.citations, said), _ANSWER)


def timeline_frame(timeline: Timeline) -> Frame:
    """Return a row for each citation of a timeline.

    Raises:
        SettingsError: pandas is not installed.
    """
    return frame_of(_rows(timeline.citations, {"topic": timeline.topic}), _TIMELINE)


def _rows(citations: tuple[Citation, ...], said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in citations:
        yield {**said, **each.to_dict(), **published_cells(each.article.published)}
