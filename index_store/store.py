"""One state of a store as questions see it, and what any store must offer for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm
from index_store.records import Article, ArticleFilter, DateRange, Manifest, StoredChunk

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

    def chunks(self, numbers: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their articles, in the order asked."""

    def published(self) -> DateRange | None:
        """Return the days between which its articles appeared; `None` if none has a date."""


class IndexStore(Protocol):
    """What the rest of the program needs of a store to ask it questions."""

    def view(self) -> StoreView | None:
        """Return the newest searchable state; `None` while nothing is indexed."""

    def article(self, article_id: str) -> Article | None:
        """Return one article by its id, or by the id of an exact duplicate of it."""

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id."""
