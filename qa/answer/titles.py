"""Reads titles as texts of their own, for a fact that only a headline states."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.candidates import Candidate, same_answer
from qa.answer.records import TITLE
from qa.retrieval.passage import Passage


def with_titles(passages: Sequence[Passage]) -> list[Passage]:
    """Return the first passage of each article whose title is not part of its text.

    A title that also occurs in the text is quoted from the text, or not at all.
    """
    first: dict[str, Passage] = {}
    for passage in passages:
        title = (passage.article.title or "").strip()
        if title and title not in passage.article.text:
            first.setdefault(passage.article.id, passage)
    return list(first.values())


def among_texts(in_titles: Sequence[Candidate], in_texts: Sequence[Candidate]) -> list[Candidate]:
    """Return the best candidate of the titles, and then all others, best first.

    The texts may support or contradict this candidate, so it stands among their candidates. The
    list is empty if the titles have no candidate.
    """
    if not in_titles:
        return []
    best, *others = in_titles
    return [best, *sorted([*others, *in_texts], key=lambda each: -each.score)]


def agreeing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates of titles, and the candidates of texts that agree with the first."""
    best = candidates[0]
    return [each for each in candidates if each.field == TITLE or same_answer(each, best)]
