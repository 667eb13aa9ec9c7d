"""Decides to which of two things a number belongs: the thing that is named nearer to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index_store.analysis.terms import terms
from qa.answer.quantity_search import FoundQuantity
from qa.question.compared_sides import Side

_BREAK = re.compile(r"[,;:](?!\d)|[.!?]\s|\b(?:en|and|maar|but|terwijl|while)\b")
_AFTER = 0.5  # clauses; a name after the number counts as this much further away
_LOOKED_BACK = 400
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def is_said_of(found: FoundQuantity, side: Side, other: Side) -> bool | None:
    """Tell whether a number belongs to one side rather than the other; `None` if to neither.

    The words that only one side has must occur in the sentence or row, else shortly before it, or
    in the title. If both sides are named, the side in the nearer clause counts.
    """
    article = found.candidate.passage.article
    language = article.language
    own, others = (_words(each, language) for each in (side, other))
    number = found.candidate.start - found.start, found.candidate.end - found.start
    in_sentence = _compared(
        _nearness(found.text, number, own, language),
        _nearness(found.text, number, others, language),
    )
    if in_sentence is not None:
        return in_sentence
    before = article.text[max(0, found.start - _LOOKED_BACK) : found.start]
    for text in (before, article.title or ""):
        end = len(text), len(text)
        told = _compared(
            _nearness(text, end, own, language), _nearness(text, end, others, language)
        )
        if told is not None:
            return told
    return None


# Clauses to the nearest word, then minus the share of the words found, then characters to it.
_Nearness = tuple[float, float, int]


def _compared(own: _Nearness | None, other: _Nearness | None) -> bool | None:
    if own is None or other is None:
        return None if own is other else own is not None
    return own < other


def _words(side: Side, language: str | None) -> list[frozenset[str]]:
    return [frozenset(terms(word, language=language)) for word in side.named]


def _nearness(
    text: str, number: tuple[int, int], words: Sequence[frozenset[str]], language: str | None
) -> _Nearness | None:
    """Return how near to a number a text names some words, and how many; `None` if too few."""
    places = [
        (index, match.span())
        for match in _WORD.finditer(text)
        for index, word in enumerate(words)
        if match.span() != number and not word.isdisjoint(terms(match.group(), language=language))
    ]
    if not places:
        return None
    share = len({index for index, _ in places}) / len(words)
    if share < 0.5:
        return None
    clauses, letters = min(_distance(text, place, number) for _, place in places)
    return clauses, -share, letters


def _distance(text: str, place: tuple[int, int], number: tuple[int, int]) -> tuple[float, int]:
    """Return the distance of a word from a number, in clauses and in characters."""
    is_before = place[1] <= number[0]
    between = text[place[1] : number[0]] if is_before else text[number[1] : place[0]]
    return len(_BREAK.findall(between)) + (0 if is_before else _AFTER), len(between)


def clause_of(found: FoundQuantity) -> str:
    """Return the clause that holds a number."""
    start, end = found.candidate.start - found.start, found.candidate.end - found.start
    begins = [match.end() for match in _BREAK.finditer(found.text) if match.end() <= start]
    ends = [match.start() for match in _BREAK.finditer(found.text) if match.start() >= end]
    return found.text[max(begins, default=0) : min(ends, default=len(found.text))]
