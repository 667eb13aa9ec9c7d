"""Remembers what counting needs of the articles that fit a query, so that the next count is short.

Reading an article and finding its places takes nearly all of the time of a count. The next facet,
rate or period of the same query needs of it no more than the numbers that stand here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from index_store.records import Article, PublicationDate
from index_store.store import StateView
from qa.retrieval.query import (
    ArticleWords,
    KnownWords,
    Place,
    parse_query,
    places,
    read_articles,
)
from qa.retrieval.query.records import TEXT

MOST_BYTES = 64_000_000
_OF_ARTICLE = 120  # bytes: its number, and its place in a dictionary
_OF_FIT = 1_000  # bytes, with dates and names; 700 were measured


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What is counted of an article that fits: the values of its facets, and its places.

    Its `article` has no id, title or text, since all articles that count alike share one.
    """

    article: Article
    in_texts: int
    in_titles: int


Count = Callable[[Fit, int], None]
"""Counts so many articles that fit alike."""

Fits = Mapping[int, Fit | None]
"""By the numbers of articles; `None` stands for one that does not fit."""


class FitMaker:
    """Makes the `Fit` of each article, one for all that count alike."""

    def __init__(self) -> None:
        """Begin with none."""
        self._made: dict[tuple[object, ...], Fit] = {}

    def fit(self, article: Article, found: Sequence[Place]) -> Fit:
        """Return what is counted of an article with the places that were found in it."""
        in_texts, in_titles = in_both(found)
        when = article.published
        days = when.first, when.last, when.precision, when.provenance
        names = article.source, article.language, article.author, article.section
        key = (*days, *names, article.other_sources, in_texts, in_titles)
        if key not in self._made:
            source, language, author, section = names
            counted = Article(
                "", None, "", _counted_date(when), source, language, None, author, section,
                article.other_sources,
            )  # fmt: skip
            self._made[key] = Fit(counted, in_texts, in_titles)
        return self._made[key]


def _counted_date(when: PublicationDate) -> PublicationDate:
    """Return a date without its words, evidence and own score, by which nothing is counted."""
    score = None if when.score is None else 1.0  # an inferred date must have one
    return replace(when, words=None, score=score, evidence=())


def in_both(found: Sequence[Place]) -> tuple[int, int]:
    """Return how many places are in the text, and how many in the title."""
    in_text = sum(place.field == TEXT for place in found)
    return in_text, len(found) - in_text


class FitMemory:
    """The fits of the last queries, each in one state of an archive; safe in several threads.

    No two states of any archives have one name, so one memory serves all archives of a process.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Keep fits of at most so many bytes, of the queries that were asked last."""
        self._most = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], Fits] = OrderedDict()
        self._sizes: dict[tuple[str, str], int] = {}

    def recall(self, state: str, query: str) -> Fits:
        """Return what is known of a query in a state; it does not change any more."""
        with self._lock:
            known = self._kept.get((state, query))
            if known is None:
                return {}
            self._kept.move_to_end((state, query))
            return known

    def remember(self, state: str, query: str, found: Fits) -> None:
        """Keep what was found beside what is known; forget what was asked for longest ago.

        What has no room by itself is not kept.
        """
        key = state, query
        with self._lock:
            every = {**self._kept.get(key, {}), **found}
            size = _size(every)
            if not found or size > self._most:
                return
            self._kept[key], self._sizes[key] = every, size
            self._kept.move_to_end(key)
            while sum(self._sizes.values()) > self._most:
                oldest, _ = self._kept.popitem(last=False)
                del self._sizes[oldest]

    def forget(self) -> None:
        """Forget all, so that the next count reads every article."""
        with self._lock:
            self._kept.clear()
            self._sizes.clear()


def _size(fits: Fits) -> int:
    return _OF_ARTICLE * len(fits) + _OF_FIT * len({*fits.values()} - {None})


MEMORY = FitMemory()


def read_fits(view: StateView | None, query: str, numbers: Sequence[int]) -> list[tuple[int, Fit]]:
    """Return those of some articles that fit a query, in order.

    Only those are read that no earlier count of the query has read in this state.
    """
    if view is None:
        return []
    state = view.state()
    known, new = MEMORY.recall(state, query), dict[int, Fit | None]()
    parsed, words, maker = parse_query(query), KnownWords(), FitMaker()
    for number, article in read_articles(view, [each for each in numbers if each not in known]):
        kept = places(parsed, ArticleWords(article, words))
        new[number] = None if kept is None else maker.fit(article, kept)
    if view.state() == state:  # else some were read before a change, and some after it
        MEMORY.remember(state, query, new)
    found = ((number, new.get(number) or known.get(number)) for number in numbers)
    return [(number, fit) for number, fit in found if fit]
