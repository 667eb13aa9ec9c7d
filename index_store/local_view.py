"""One state of the store on this machine, as it is searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm
from index_store.catalog.arrivals import arrived, arrived_upto, chunks_of
from index_store.catalog.column_counts import sum_by
from index_store.catalog.columns import ArticleColumns
from index_store.catalog.facets import Facet, count_by, sum_words_by
from index_store.catalog.listing import (
    ArticleEntry,
    Order,
    last_number,
    list_entries,
    number_of,
    owners,
    passing,
)
from index_store.catalog.reading import Catalog
from index_store.catalog.whole_articles import Withheld
from index_store.errors import StoreCorruptError
from index_store.indexes.lengths import Lengths
from index_store.indexes.word_counts import WordCounts
from index_store.number_sets import is_among
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange, Manifest, StoredChunk
from index_store.store import LexicalIndex, Scored, VectorIndex


@dataclass(frozen=True, slots=True)
class LocalView:
    """One state of a store: its catalog, and the two indexes that were derived from it.

    `fingerprint` names the states of the catalog and of the indexes, and the build of the indexes.
    `columns` answer filters as long as the catalog is in their state; while a writer is ahead of
    the indexes, the catalog itself does. `withheld` notes the ids of damaged articles that a search
    came upon and left out. `indexed` are the numbers of the chunks in the indexes, ascending. With
    `searched`, only the articles with these numbers are searched.
    """

    catalog: Catalog
    manifest: Manifest
    vectors: VectorIndex
    words: LexicalIndex
    fingerprint: str
    find_copies: Callable[[], Mapping[int, int]]
    find_lengths: Callable[[], Lengths]
    indexed: NDArray[np.int64]
    columns: ArticleColumns | None = None
    withheld: Withheld = field(default_factory=dict, compare=False)
    searched: tuple[int, ...] | None = None

    def copies(self) -> Mapping[int, int]:
        """Return the number of the first article of its group for each near copy of another."""
        return self.find_copies()

    def copies_of(self, article_id: str, only: ArticleFilter) -> tuple[Article, ...]:
        """Return the near copies of an article that pass the filter, the oldest first."""
        first_of = self.copies()
        number = number_of(self.catalog, article_id) if first_of else None
        if number is None or number not in first_of:
            return ()
        group = [each for each, first in first_of.items() if first == first_of[number]]
        others = passing(self.catalog, [each for each in group if each != number], only)
        found = self.catalog.articles_by_number(others, withheld=self.withheld)
        return tuple(found[each] for each in others if each in found)

    def select(self, only: ArticleFilter) -> NDArray[np.int64] | None:
        """Return the numbers of the chunks that pass the filter; `None` stands for all chunks."""
        if self.searched is not None:
            return chunks_of(self.catalog, passing(self.catalog, self.searched, only))
        if only == EVERYTHING:
            return None
        return (self._columns() or self.catalog).chunk_numbers(only)

    def publication_days(self, only: ArticleFilter) -> list[DateRange]:
        """Return the different dates of the articles that pass the filter, in order."""
        return (self._columns() or self.catalog).publication_days(only)

    def dense(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[Scored]:
        """Return the chunks nearest to a vector by cosine.

        `only` is the filter that gave `selected`. It goes to the index as long as the catalog is in
        the state that was indexed.
        """
        told = only if self.searched is None and self._columns() else None
        return self.vectors.search(vector, limit, selected, told)

    def dense_scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the cosine of a vector with each of these chunks."""
        return self.vectors.scores(vector, numbers)

    def lexical(
        self,
        words: Sequence[QuestionTerm],
        limit: int,
        selected: NDArray[np.int64] | None,
        among: WordCounts | None = None,
    ) -> list[Scored]:
        """Return the best chunks for these words by BM25; `among` says how rare these are.

        Raises: StoreCorruptError: the index of words names a chunk that is none.
        """
        found = self.words.search(words, limit, selected, among)
        numbers = np.array([number for number, _ in found], dtype=np.int64)
        if not is_among(self.indexed, numbers).all():
            raise StoreCorruptError(
                "the index of words names a chunk that is not in the archive; "
                "make it anew with: dateline repair"
            )
        return found

    def word_counts(self, words: Sequence[QuestionTerm]) -> WordCounts:
        """Return how many chunks there are, and how many hold each spelling of some words."""
        return self.words.counts(words)

    def word_weights(self, words: Sequence[QuestionTerm]) -> list[float]:
        """Return the weight of each word: its inverse document frequency times its own weight."""
        return self.word_counts(words).weights(words)

    def knows(self, word: QuestionTerm) -> bool:
        """Tell whether any chunk holds the word."""
        return self.word_counts([word]).frequency(word) > 0

    def holding(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold the word in any spelling, ascending."""
        return self.words.holding(word)

    def chunks(self, numbers: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their articles, in the given order."""
        return self.catalog.stored_chunks(numbers, withheld=self.withheld)

    def entries(
        self, holding: Sequence[NDArray[np.int64]], only: ArticleFilter
    ) -> tuple[ArticleEntry, ...]:
        """Return every article that may take part and has a chunk of each set, oldest first."""
        return list_entries(self.catalog, holding, only)

    def with_forms(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all articles that may hold a written word with such a term."""
        if self.words.is_common(word.alternatives):
            return self._every()
        return owners(self.catalog, self.words.holding_forms(word))

    def with_word(self, key: str, *, begins: bool = False) -> NDArray[np.int64]:
        """Return the numbers of all articles that may hold a word as it is written."""
        if not begins and self.words.is_common([key], as_written=True):
            return self._every()
        return owners(self.catalog, self.words.holding_written(key, begins=begins))

    def with_similar(self, key: str, edits: int) -> NDArray[np.int64]:
        """Return the numbers of all chunks with a word at most `edits` edits (1 or 2) off."""
        return self.words.similar_written(key, edits)

    def _every(self) -> NDArray[np.int64]:
        return np.sort(np.array(passing(self.catalog, None, EVERYTHING), dtype=np.int64))

    def passing(
        self, numbers: Sequence[int] | None, only: ArticleFilter, order: Order = Order.OLDEST
    ) -> list[int]:
        """Return those of some articles (`None`: of all) that pass a filter, in order."""
        return passing(self.catalog, numbers, only, order)

    def number_of(self, article_id: str) -> int | None:
        """Return the number of the article with an id; `None` if there is none."""
        return number_of(self.catalog, article_id)

    def chunks_of(self, articles: Sequence[int]) -> NDArray[np.int64]:
        """Return the numbers of the chunks of some articles, ascending."""
        return chunks_of(self.catalog, articles)

    def last_number(self) -> int:
        """Return the highest number that an article was ever given; later ones get higher ones."""
        return last_number(self.catalog)

    def arrived(self, after: int) -> list[int]:
        """Return the articles numbered above `after` that can be searched by now, ascending."""
        return arrived(self.catalog, after, self.indexed)

    def arrived_upto(self, after: int) -> int:
        """Return the number behind which no article came in that can be searched by now."""
        return arrived_upto(self.catalog, after, self.indexed)

    def searching(self, articles: Sequence[int]) -> LocalView:
        """Return the same state, of which only some articles are searched."""
        return replace(self, searched=tuple(articles), withheld={})

    def count_by(self, facet: Facet, only: ArticleFilter) -> dict[str | None, int]:
        """Return how many articles that pass a filter have each value of a facet."""
        columns = self._columns()
        return sum_by(columns, facet, only) if columns else count_by(self.catalog, facet, only)

    def words_by(self, facet: Facet, only: ArticleFilter) -> dict[str | None, int]:
        """Return how many words the texts of these articles have, by the values of a facet."""
        columns, lengths = self._columns(), self.find_lengths()
        if columns and columns.state == lengths.state:
            return sum_by(columns, facet, only, lengths.words)
        words = dict(zip(lengths.numbers.tolist(), lengths.words.tolist(), strict=True))
        return sum_words_by(self.catalog, facet, only, words)

    def state(self) -> str:
        """Return the name of the state that the articles are in now; no other state has it."""
        return self.catalog.identity().state

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return the articles with these numbers, those that are there."""
        return self.catalog.articles_by_number(numbers, withheld=self.withheld)

    def published(self) -> DateRange | None:
        """Return the days between which the articles appeared; `None` if no article has a date."""
        return (self._columns() or self.catalog).published()

    def _columns(self) -> ArticleColumns | None:
        """Return the columns if they tell what the catalog holds now."""
        is_true = self.columns is not None and self.columns.state == self.catalog.identity().state
        return self.columns if is_true else None
