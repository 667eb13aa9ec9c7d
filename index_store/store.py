"""One state of a store as questions see it, and what any store must offer for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm
from index_store.catalog.listing import ArticleEntry, MonthCount, Order
from index_store.catalog.reading import Catalog
from index_store.catalog.writing import CatalogWriter
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange, Manifest, StoredChunk

Scored = tuple[int, float]  # chunk number and score


class StoreView(Protocol):
    """Searching one state of a store; scores are higher for better chunks."""

    @property
    def fingerprint(self) -> str:
        """What this state is; the same fingerprint gives the same results."""

    @property
    def manifest(self) -> Manifest:
        """What the vectors were made with."""

    def select(self, only: ArticleFilter) -> NDArray[np.int64] | None:
        """Return the chunks that may take part; `None` stands for all of them."""

    def publication_days(self, only: ArticleFilter) -> list[DateRange]:
        """Return the different dates of the articles that may take part, in order."""

    def dense(
        self, vector: NDArray[np.float32], limit: int, selected: NDArray[np.int64] | None
    ) -> list[Scored]:
        """Return the chunks nearest to a vector by cosine."""

    def dense_scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the cosine of a vector with each of these chunks."""

    def lexical(
        self,
        words: Sequence[QuestionTerm],
        limit: int,
        selected: NDArray[np.int64] | None,
    ) -> list[Scored]:
        """Return the best chunks for some words by BM25."""

    def word_weights(self, words: Sequence[QuestionTerm]) -> list[float]:
        """Return how telling each word is here: its inverse document frequency, weighted."""

    def knows(self, word: QuestionTerm) -> bool:
        """Tell whether any chunk holds the word."""

    def holding(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold the word in any spelling, ascending."""

    def chunks(self, numbers: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their articles, in the order asked."""

    def entries(
        self, holding: Sequence[NDArray[np.int64]], only: ArticleFilter
    ) -> tuple[ArticleEntry, ...]:
        """Return every article that may take part and has a chunk of each set, oldest first."""

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return the articles with these numbers, those that are there."""

    def published(self) -> DateRange | None:
        """Return the days between which its articles appeared; `None` if none has a date."""


class VectorIndex(Protocol):
    """Finds the chunks nearest to a vector by cosine; higher is nearer, ties by chunk number."""

    def search(
        self, vector: NDArray[np.float32], limit: int, selected: NDArray[np.int64] | None
    ) -> list[Scored]:
        """Return at most `limit` chunks, of the selected ones (`None`: of all)."""

    def scores(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the cosine of a vector with each of these chunks."""


class LexicalIndex(Protocol):
    """Finds chunks by the words they hold."""

    def search(
        self,
        words: Sequence[QuestionTerm],
        limit: int,
        selected: NDArray[np.int64] | None,
    ) -> list[Scored]:
        """Return at most `limit` chunks by BM25, of the selected ones (`None`: of all)."""

    def weights(self, words: Sequence[QuestionTerm]) -> list[float]:
        """Return how telling each word is: its inverse document frequency, weighted."""

    def frequency(self, word: QuestionTerm) -> int:
        """Return in how many chunks a word stands."""

    def holding(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold a word in any spelling, ascending."""


class IndexWriter(Protocol):
    """Writes to a store while its lock is held."""

    @property
    def catalog(self) -> CatalogWriter:
        """The tables that are written to."""

    def renew_if_cheap(self) -> None:
        """Let readers see what was committed, unless that would slow the writing down."""


class IndexStore(Protocol):
    """A store: the catalog is its single truth; the indexes of its views are derived from it."""

    @property
    def path(self) -> Path:
        """The folder of the catalog, in which files about the archive stand too."""

    @property
    def catalog(self) -> Catalog:
        """The tables of articles, chunks and vectors, to be read."""

    def view(self) -> StoreView | None:
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
        """Return how many articles fit, and one page of them."""

    def count_months(self, only: ArticleFilter = EVERYTHING) -> tuple[MonthCount, ...]:
        """Return the number of articles by month; those of unknown date are counted last."""

    def writing(self, purpose: str) -> AbstractContextManager[IndexWriter]:
        """Hold the writer lock; the derived indexes follow at the end.

        Raises:
            StoreLockedError: another process (or thread) is writing.
        """

    def check(self) -> list[str]:
        """Examine every part of the store; return what is wrong with it."""

    def close(self) -> None:
        """Close all files; the store cannot be used afterwards."""
