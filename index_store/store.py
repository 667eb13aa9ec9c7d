"""The protocols of a store: what it must offer, and how a question sees one state of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm
from index_store.catalog.facets import Facet
from index_store.catalog.listing import ArticleEntry, MonthCount, Order
from index_store.catalog.reading import Catalog
from index_store.catalog.whole_articles import Withheld
from index_store.catalog.writing import CatalogWriter
from index_store.indexes.word_counts import WordCounts
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange, Manifest, StoredChunk

Scored = tuple[int, float]  # chunk number and score


class StoreView(Protocol):
    """Searches one state of a store; better chunks have higher scores."""

    @property
    def fingerprint(self) -> str:
        """The name of this state; the same fingerprint gives the same results."""

    @property
    def manifest(self) -> Manifest:
        """How the vectors were made."""

    @property
    def withheld(self) -> Withheld:
        """The ids of damaged articles that a search came upon and left out."""

    def select(self, only: ArticleFilter) -> NDArray[np.int64] | None:
        """Return the numbers of the chunks that pass the filter; `None` stands for all chunks."""

    def publication_days(self, only: ArticleFilter) -> list[DateRange]:
        """Return the different dates of the articles that pass the filter, in order."""

    def dense(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[Scored]:
        """Return the chunks nearest to a vector by cosine.

        `only` is the filter that gave `selected`; an engine on another machine filters by it.
        """

    def dense_scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the cosine of a vector with each of these chunks."""

    def lexical(
        self,
        words: Sequence[QuestionTerm],
        limit: int,
        selected: NDArray[np.int64] | None,
        among: WordCounts | None = None,
    ) -> list[Scored]:
        """Return the best chunks for these words by BM25.

        With `among`, a word is as rare as that says, and not as rare as it is here.
        """

    def word_counts(self, words: Sequence[QuestionTerm]) -> WordCounts:
        """Return how many chunks there are, and how many hold each spelling of some words."""

    def word_weights(self, words: Sequence[QuestionTerm]) -> list[float]:
        """Return the weight of each word: its inverse document frequency times its own weight."""

    def knows(self, word: QuestionTerm) -> bool:
        """Tell whether any chunk holds the word."""

    def holding(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold the word in any spelling, ascending."""

    def chunks(self, numbers: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their articles, in the given order."""

    def entries(
        self, holding: Sequence[NDArray[np.int64]], only: ArticleFilter
    ) -> tuple[ArticleEntry, ...]:
        """Return every article that may take part and has a chunk of each set, oldest first."""

    def with_similar(self, key: str, edits: int) -> NDArray[np.int64]:
        """Return the numbers of all chunks with a word at most `edits` (1 or 2) edits from a key.

        `key` is the `word_key` of a word; ascending.
        """

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return the articles with these numbers, those that are there."""

    def published(self) -> DateRange | None:
        """Return the days between which the articles appeared; `None` if no article has a date."""

    def copies(self) -> Mapping[int, int]:
        """Return the number of the first article of its group for each near copy of another.

        The first one, which is the oldest, is among them.
        """

    def copies_of(self, article_id: str, only: ArticleFilter) -> tuple[Article, ...]:
        """Return the near copies of an article that pass the filter, the oldest first."""


class StateView(StoreView, Protocol):
    """One state of one store, whose articles have numbers in the order in which they came in."""

    @property
    def indexed(self) -> NDArray[np.int64]:
        """The numbers of the chunks that can be searched, ascending."""

    def state(self) -> str:
        """Return the name of the state that the articles are in now; no other state has it."""

    def number_of(self, article_id: str) -> int | None:
        """Return the number of the article with an id; `None` if there is none."""

    def chunks_of(self, articles: Sequence[int]) -> NDArray[np.int64]:
        """Return the numbers of the chunks of some articles, ascending."""

    def with_forms(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all articles that may hold a written word with such a term.

        None that holds one in its title or text is left out; ascending.
        """

    def with_word(self, key: str, *, begins: bool = False) -> NDArray[np.int64]:
        """Return the numbers of all articles that may hold a word as it is written, ascending.

        `key` is the `word_key` of the word; with `begins`, longer words that begin with it count.
        """

    def passing(
        self, numbers: Sequence[int] | None, only: ArticleFilter, order: Order = Order.OLDEST
    ) -> list[int]:
        """Return the numbers of those of some articles (`None`: of all) that pass, in order."""

    def last_number(self) -> int:
        """Return the highest number that an article was ever given; later ones get higher ones."""

    def arrived(self, after: int) -> list[int]:
        """Return the articles numbered above `after` that can be searched by now, ascending.

        The list ends before the first one that is not indexed yet, so that whoever goes on behind
        its last one misses none.
        """

    def arrived_upto(self, after: int) -> int:
        """Return the number behind which no article came in that can be searched by now.

        Articles above `after` that are not indexed yet have a higher one.
        """

    def searching(self, articles: Sequence[int]) -> StateView:
        """Return the same state, of which searches for chunks find those of some articles only.

        What is told of words, dates and copies stays that of the whole archive.
        """

    def count_by(self, facet: Facet, only: ArticleFilter) -> dict[str | None, int]:
        """Return how many articles that pass a filter have each value of a facet."""

    def words_by(self, facet: Facet, only: ArticleFilter) -> dict[str | None, int]:
        """Return how many words the texts of these articles have, by the values of a facet.

        Words are those of `written_words`: runs of letters and digits.
        """


class VectorIndex(Protocol):
    """Finds the chunks nearest to a vector by cosine, nearest first, ties by chunk number."""

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[Scored]:
        """Return at most `limit` chunk numbers with their scores.

        Only `selected` numbers, which ascend, take part; `None` selects all. `only` is the filter
        that gave them, where what it asks is what was indexed; not every index looks at it.
        """

    def scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the cosine of a vector with each of these chunks."""


class VectorStorage(VectorIndex, Protocol):
    """A vector index that can be examined: which chunks it holds, and with which vectors."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def numbers(self) -> NDArray[np.int64]:
        """Return the chunk numbers in the index, in its own order."""

    def vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these chunks, of shape (n, dimension)."""


class LexicalIndex(Protocol):
    """Finds chunks by their words."""

    def search(
        self,
        words: Sequence[QuestionTerm],
        limit: int,
        selected: NDArray[np.int64] | None,
        among: WordCounts | None = None,
    ) -> list[Scored]:
        """Return at most `limit` of the selected chunks (`None`: of all chunks) by BM25.

        With `among`, a word is as rare as that says.
        """

    def counts(self, words: Sequence[QuestionTerm]) -> WordCounts:
        """Return how many chunks there are, and how many hold each spelling of some words."""

    def holding(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold a word in any spelling, ascending."""

    def holding_forms(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks with a written word that has one of these terms."""

    def is_common(self, terms: Sequence[str], *, as_written: bool = False) -> bool:
        """Tell whether so many chunks hold one of these terms or written words that none is named.

        Whoever searches then reads all articles, of which most hold it.
        """

    def holding_written(self, key: str, *, begins: bool = False) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold a word as it is written, case ignored."""

    def similar_written(self, key: str, edits: int) -> NDArray[np.int64]:
        """Return the numbers of all chunks with a written word at most `edits` edits from a key."""


class IndexWriter(Protocol):
    """Writes to a store while its lock is held."""

    @property
    def catalog(self) -> CatalogWriter:
        """The tables that it writes to."""

    def renew_if_cheap(self) -> None:
        """Show readers the committed changes, unless that would slow down the writer."""


class IndexStore(Protocol):
    """A store: its catalog is the single truth, and the indexes of its views derive from it."""

    @property
    def path(self) -> Path:
        """The folder of the catalog, which also holds other files about the archive."""

    @property
    def catalog(self) -> Catalog:
        """The tables of articles, chunks and vectors, for reading."""

    def view(self) -> StateView | None:
        """Return the newest searchable state; `None` while nothing is indexed."""

    def article(self, article_id: str) -> Article | None:
        """Return one article by its id, or by the id of an exact duplicate of it."""

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id."""

    def list_articles(
        self,
        *,
        words: Sequence[str] = (),
        only: ArticleFilter = EVERYTHING,
        order: Order = Order.OLDEST,
        offset: int = 0,
        limit: int = 25,
    ) -> tuple[int, tuple[Article, ...]]:
        """Return how many articles match, and one page of them."""

    def count_months(self, only: ArticleFilter = EVERYTHING) -> tuple[MonthCount, ...]:
        """Return the number of articles by month; those of unknown date are counted last."""

    def copies(self) -> Mapping[int, int]:
        """Return the near copies of each other: for each, the number of the first of its group."""

    def count_words(self) -> None:
        """Count the words of texts that are new, so that no later count waits for it."""

    def writing(self, purpose: str) -> AbstractContextManager[IndexWriter]:
        """Hold the writer lock; at the end, bring the derived indexes up to date.

        Raises:
            StoreLockedError: another process (or thread) is writing.
        """

    def check(self) -> list[str]:
        """Examine every part of the store; return its problems."""

    def close(self) -> None:
        """Close all files; the store cannot be used afterwards."""
