"""The states of several stores, searched as one: all scores are those of one set of chunks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm
from index_store.catalog.listing import ArticleEntry
from index_store.catalog.whole_articles import Withheld
from index_store.indexes.word_counts import WordCounts
from index_store.number_sets import without
from index_store.records import Article, ArticleFilter, DateRange, Manifest, StoredChunk
from index_store.store import Scored, StateView
from index_store.union_numbers import UnionNumbers, id_in_union, own_id
from index_store.union_overlap import Twins


@dataclass(frozen=True, slots=True)
class UnionView:
    """One state of several stores, whose vectors one encoder made.

    An article has another number and another id here than in its store: see `union_numbers`.
    `names` are those of the stores.
    `find_twins` gives the groups of articles that several stores hold; of each, the first that may
    take part does. `find_copies` gives the near copies of each other, over all stores.
    """

    names: tuple[str, ...]
    views: tuple[StateView, ...]
    find_twins: Callable[[], Twins]
    find_copies: Callable[[], Mapping[int, int]]

    @property
    def fingerprint(self) -> str:
        """The names of all states."""
        return " ".join(each.fingerprint for each in self.views)

    @property
    def manifest(self) -> Manifest:
        """How the vectors of the first store were made; only the chunking of others may differ."""
        return self.views[0].manifest

    @property
    def withheld(self) -> Withheld:
        """The ids of damaged articles that a search came upon and left out."""
        named = zip(self.names, self.views, strict=True)
        return {id_in_union(each, name): None for name, view in named for each in view.withheld}

    @property
    def _numbers(self) -> UnionNumbers:
        return UnionNumbers(len(self.views))

    def select(self, only: ArticleFilter) -> NDArray[np.int64] | None:
        """Return the numbers of the chunks that pass the filter; `None` stands for all chunks."""
        chosen = [view.select(only) for view in self.views]
        spare = self.spare(only)
        if not spare and all(each is None for each in chosen):
            return None
        found = []
        parts = zip(self.views, chosen, self._numbers.by_store(spare), strict=True)
        for at, (view, numbers, twins) in enumerate(parts):
            every = view.indexed if numbers is None else numbers
            left = without(every, view.chunks_of(twins.tolist())) if len(twins) else every
            found.append(self._numbers.of(at, left))
        return np.sort(np.concatenate(found))

    def spare(self, only: ArticleFilter) -> set[int]:
        """Return the articles that pass a filter and stand for another one that passes too."""
        twins = self.find_twins()
        if not twins:
            return set()
        every = self._numbers.by_store([number for group in twins for number in group])
        passing = {
            number
            for at, (view, own) in enumerate(zip(self.views, every, strict=True))
            for number in self._numbers.of(at, view.passing(own.tolist(), only)).tolist()
        }
        return {
            number for group in twins for number in [each for each in group if each in passing][1:]
        }

    def publication_days(self, only: ArticleFilter) -> list[DateRange]:
        """Return the different dates of the articles that pass the filter, in order."""
        days = {each for view in self.views for each in view.publication_days(only)}
        return sorted(days, key=lambda each: (each.first or date.max, each.last or date.max))

    def dense(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[Scored]:
        """Return the chunks nearest to a vector by cosine; an index elsewhere filters by `only`."""
        told = None if self.find_twins() else only
        return self._best(limit, selected, lambda v, own: v.dense(vector, limit, own, told))

    def dense_scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the cosine of a vector with each of these chunks."""
        found: dict[int, float] = {}
        for at, own in enumerate(self._numbers.by_store(numbers)):
            scores = self.views[at].dense_scores(vector, own.tolist()) if len(own) else []
            found |= zip(self._numbers.of(at, own).tolist(), scores, strict=True)
        return [found[number] for number in numbers]

    def lexical(
        self,
        words: Sequence[QuestionTerm],
        limit: int,
        selected: NDArray[np.int64] | None,
        among: WordCounts | None = None,
    ) -> list[Scored]:
        """Return the best chunks for these words by BM25, each as rare as it is in the union.

        Only the average length of a chunk remains that of each store.
        """
        rarity = among or self.word_counts(words)
        return self._best(limit, selected, lambda v, own: v.lexical(words, limit, own, rarity))

    def _best(
        self,
        limit: int,
        selected: NDArray[np.int64] | None,
        search: Callable[[StateView, NDArray[np.int64] | None], list[Scored]],
    ) -> list[Scored]:
        """Search each store among what is selected of it; return the best of all, as one list."""
        parts: Sequence[NDArray[np.int64] | None] = [None] * len(self.views)
        if selected is not None:
            parts = self._numbers.by_store(selected)
        rows = [
            (number, score)
            for at, (view, own) in enumerate(zip(self.views, parts, strict=True))
            if own is None or len(own)
            for number, score in self._numbered(at, search(view, own))
        ]
        return sorted(rows, key=lambda row: (-row[1], row[0]))[:limit]

    def _numbered(self, store: int, rows: Sequence[Scored]) -> list[Scored]:
        return [(self._numbers.one(store, number), score) for number, score in rows]

    def word_counts(self, words: Sequence[QuestionTerm]) -> WordCounts:
        """Return how many chunks there are, and how many hold each spelling of some words."""
        return WordCounts.together(view.word_counts(words) for view in self.views)

    def word_weights(self, words: Sequence[QuestionTerm]) -> list[float]:
        """Return the weight of each word: its inverse document frequency times its own weight."""
        return self.word_counts(words).weights(words)

    def knows(self, word: QuestionTerm) -> bool:
        """Tell whether any chunk holds the word."""
        return any(view.knows(word) for view in self.views)

    def holding(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold the word in any spelling, ascending."""
        return self._all_of(lambda view: view.holding(word))

    def with_similar(self, key: str, edits: int) -> NDArray[np.int64]:
        """Return the numbers of all chunks with a word at most `edits` edits (1 or 2) off."""
        return self._all_of(lambda view: view.with_similar(key, edits))

    def _all_of(self, search: Callable[[StateView], NDArray[np.int64]]) -> NDArray[np.int64]:
        found = [self._numbers.of(at, search(view)) for at, view in enumerate(self.views)]
        return np.sort(np.concatenate(found))

    def chunks(self, numbers: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their articles, in the given order."""
        found: dict[int, StoredChunk] = {}
        for at, own in enumerate(self._numbers.by_store(numbers)):
            for each in self.views[at].chunks(own.tolist()):
                number = self._numbers.one(at, each.number)
                article = self._in_union(each.article, at)
                chunk = replace(each.chunk, article_id=article.id)
                found[number] = StoredChunk(number, chunk, article)
        return [found[number] for number in numbers if number in found]

    def entries(
        self, holding: Sequence[NDArray[np.int64]], only: ArticleFilter
    ) -> tuple[ArticleEntry, ...]:
        """Return every article that may take part and has a chunk of each set, oldest first."""
        parts = [self._numbers.by_store(each) for each in holding]
        spare = self.spare(only)
        found = [
            replace(each, number=number, id=id_in_union(each.id, self.names[at]))
            for at, view in enumerate(self.views)
            for each in view.entries([part[at] for part in parts], only)
            if (number := self._numbers.one(at, each.number)) not in spare
        ]
        return tuple(sorted(found, key=lambda each: (*_days(each.first, each.last), each.id)))

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return the articles with these numbers, those that are there."""
        found: dict[int, Article] = {}
        for at, own in enumerate(self._numbers.by_store(numbers)):
            for number, article in self.views[at].articles(own.tolist()).items():
                found[self._numbers.one(at, number)] = self._in_union(article, at)
        return found

    def published(self) -> DateRange | None:
        """Return the days between which the articles appeared; `None` if no article has a date."""
        known = [each for view in self.views if (each := view.published())]
        firsts, lasts = [each.first for each in known], [each.last for each in known]
        if not known:
            return None
        return DateRange(min(filter(None, firsts)), max(filter(None, lasts)))

    def copies(self) -> Mapping[int, int]:
        """Return the number of the first article of its group for each near copy of another."""
        return self.find_copies()

    def copies_of(self, article_id: str, only: ArticleFilter) -> tuple[Article, ...]:
        """Return the near copies of an article that pass the filter, the oldest first.

        The very same article in another store is among them.
        """
        own, name = own_id(article_id)
        store = self.names.index(name)
        number = self.views[store].number_of(own)
        if number is None:
            return ()
        here = self._numbers.one(store, number)
        first_of = self.copies()
        group = {each for twins in self.find_twins() if here in twins for each in twins}
        if here in first_of:
            group |= {each for each, first in first_of.items() if first == first_of[here]}
        others = self._numbers.by_store(sorted(group - {here}))
        passing = [
            number
            for at, (view, numbers) in enumerate(zip(self.views, others, strict=True))
            for number in self._numbers.of(at, view.passing(numbers.tolist(), only)).tolist()
        ]
        return tuple(sorted(self.articles(passing).values(), key=_age))

    def _in_union(self, article: Article, store: int) -> Article:
        return replace(article, id=id_in_union(article.id, self.names[store]))


def _age(article: Article) -> tuple[bool, date, date, str]:
    return (*_days(article.published.first, article.published.last), article.id)


def _days(first: date | None, last: date | None) -> tuple[bool, date, date]:
    """Return by what articles are ordered in time; those of unknown date come last."""
    return first is None, first or date.max, last or date.max
