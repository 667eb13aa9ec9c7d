"""Titles read as texts of their own, where no text answers: a fact that only a headline states."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.candidates import Candidate, same_answer
from qa.answer.records import TITLE
from qa.retrieval.passage import Passage


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


def among_texts(in_titles: Sequence[Candidate], in_texts: Sequence[Candidate]) -> list[Candidate]:
    """Return the best candidate of the titles, and then all others, best first.

    What the texts hold may speak for it or against it, so it stands among them. There are none if
    no title holds any.
    """
    if not in_titles:
        return []
    best, *others = in_titles
    return [best, *sorted([*others, *in_texts], key=lambda each: -each.score)]


def agreeing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates of titles, and of those of texts what says the same as the first."""
    best = candidates[0]
    return [each for each in candidates if each.field == TITLE or same_answer(each, best)]
