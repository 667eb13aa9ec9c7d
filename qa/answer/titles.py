"""Titles read as texts of their own, where no text answers: a fact that only a headline states."""

from __future__ import annotations

from collections.abc import Sequence

from index_store.store import StoreView
from qa.answer.candidates import PASSAGES_READ, Candidate, find_candidates, same_answer
from qa.answer.records import TITLE
from qa.models.calibration import Calibration
from qa.models.reader.reader import Reader
from qa.question.inquiry import Inquiry
from qa.retrieval.passage import Passage


def find_in_titles(
    view: StoreView,
    reader: Reader,
    calibration: Calibration,
    inquiry: Inquiry,
    passages: Sequence[Passage],
    in_texts: Sequence[Candidate],
) -> list[Candidate]:
    """Return the best span of a title, and then all others, also those of the texts, best first.

    There are none if no title holds a span. What the texts hold may speak for the title or
    against it, so it stands among them.
    """
    titled = with_titles(passages[:PASSAGES_READ])
    found = find_candidates(view, reader, calibration, inquiry, titled, field=TITLE)
    others = sorted([*found[1:], *in_texts], key=lambda each: -each.score)
    return [*found[:1], *others] if found else []


def with_titles(passages: Sequence[Passage]) -> list[Passage]:
    """Return the first passage of each article whose title says what its text does not say.

    A title that stands in the text as well is quoted from there, or not at all.
    """
    first: dict[str, Passage] = {}
    for passage in passages:
        title = (passage.article.title or "").strip()
        if title and title not in passage.article.text:
            first.setdefault(passage.article.id, passage)
    return list(first.values())


def agreeing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates of titles, and of those of texts what says the same as the first."""
    best = candidates[0]
    return [each for each in candidates if each.field == TITLE or same_answer(each, best)]
