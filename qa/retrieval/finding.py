"""What finds every match of a query: in one archive, or in several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar, Unpack

from index_store.records import ArticleFilter
from qa.errors import SettingsError
from qa.question.checks import Selection, asked_articles
from qa.retrieval.joint_matches import JointMatches
from qa.retrieval.match import CONTEXT
from qa.retrieval.match_counts import CountSeries, count_series
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.matches import Matches

_Found = TypeVar("_Found", bound=Matches | JointMatches)


class Finding(ABC, Generic[_Found]):
    """Finds and counts matches; no model is needed for it."""

    @abstractmethod
    def matches(
        self,
        queries: Sequence[str],
        only: ArticleFilter,
        *,
        order: str = MatchOrder.DATE,
        context: int = CONTEXT,
        after: int = 0,
    ) -> list[_Found]:
        """Return every match of each query, in one state of what is searched.

        `after` is as in `Matches`.

        Raises:
            SettingsError: a query cannot be read, or another argument is invalid.
        """

    def find(
        self,
        query: str,
        *,
        order: str = MatchOrder.DATE,
        context: int = CONTEXT,
        **selection: Unpack[Selection],
    ) -> _Found:
        """Return every match of a query in titles and texts, from the articles of the selection.

        `qa/retrieval/README.md` describes the language of queries. `order` is "date", "newest",
        "article", "source", or "left" and "right" for the words around the match. `context` is the
        number of characters on each side. No model is needed. Matches are found while they are
        iterated; `Matches.counts` and `Matches.by` count them.

        Raises:
            SettingsError: the query cannot be read, or another argument is invalid.
        """
        return self.matches([query], asked_articles(selection), order=order, context=context)[0]

    def compare(
        self,
        queries: Sequence[str],
        *,
        by: str = "month",
        per: str | None = None,
        **selection: Unpack[Selection],
    ) -> CountSeries:
        """Return the counts of several queries by month, source and so on, value by value.

        `by` and `per` are those of `Matches.by`: `per="10000-words"` counts the words of all texts
        of the selection too.

        Raises:
            SettingsError: there is no query, one cannot be read, or another argument is invalid.
        """
        only = asked_articles(selection)
        if isinstance(queries, str) or not queries:
            raise SettingsError("give a list of queries to compare, with at least one query")
        first, *others = self.matches(queries, only)
        tally = first.tally(by, per=per)
        return count_series([tally, *(each.tally_beside(tally) for each in others)], per)
