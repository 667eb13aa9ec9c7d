"""Finds, in the index of words, the articles that may fit a query; none that fits is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import word_forms
from index_store.number_sets import intersection, union
from index_store.records import Article
from index_store.store import StateView
from qa.retrieval.interruption import stop_if_in_vain
from qa.retrieval.query.records import (
    TEXT,
    TITLE,
    Both,
    Either,
    Query,
    QueryWord,
    Without,
    WordKind,
    WordRow,
)

Numbers = NDArray[np.int64]
_BLOCK = 100  # articles read at a time


def candidates(view: StateView, query: Query) -> Numbers | None:
    """Return the numbers of the articles that may fit, ascending; `None` stands for all articles.

    The index knows words, not where they stand, so each of them has to be compared with the query.
    """
    match query:
        case Without():
            return None  # what the part finds is only a candidate, so no article can be left out
        case WordRow(words, field=field):
            if field not in (None, TITLE, TEXT):
                return None
            return _shared([_holding(view, word) for word in dict.fromkeys(words)])
        case Both(parts):
            found = (candidates(view, part) for part in parts)
            return _shared([each for each in found if each is not None])
        case Either(parts):
            return _all([candidates(view, part) for part in parts])


def _holding(view: StateView, word: QueryWord) -> Numbers:
    if word.kind is WordKind.FORMS:
        return view.with_forms(word_forms(word.key))
    return view.with_word(word.key, begins=word.kind is WordKind.BEGINNING)


def _shared(sets: list[Numbers]) -> Numbers | None:
    return reduce(intersection, sorted(sets, key=len)) if sets else None


def _all(sets: list[Numbers | None]) -> Numbers | None:
    known = [each for each in sets if each is not None]
    return reduce(union, known) if len(known) == len(sets) else None


def read_articles(view: StateView | None, numbers: Sequence[int]) -> Iterator[tuple[int, Article]]:
    """Yield articles in order, a block at a time; those that are gone or damaged are left out."""
    for at in range(0, len(numbers), _BLOCK):
        assert view is not None  # noqa: S101 - without it there are no numbers
        block = numbers[at : at + _BLOCK]
        found = view.articles(block)
        for number in block:
            stop_if_in_vain()
            if number in found:
                yield number, found[number]
