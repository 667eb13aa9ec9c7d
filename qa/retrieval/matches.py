"""Every match of a query in an archive, found while it is read, with exact places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from index_store.catalog.facets import Facet
from index_store.catalog.listing import Order
from index_store.one_line import one_line
from index_store.records import EVERYTHING, Article, ArticleFilter
from index_store.store import StateView
from qa.question.checks import check_page
from qa.retrieval.choices import known_choice
from qa.retrieval.collocates import (
    LIMIT,
    MINIMUM,
    WINDOW,
    Collocates,
    CollocateSettings,
    CollocateTally,
    Measure,
    without_copies,
)
from qa.retrieval.cross_counts import CrossCounts, CrossTally, cross_tally
from qa.retrieval.fits import Count, Fit, in_both, read_fits
from qa.retrieval.frame import frame_of
from qa.retrieval.match import (
    CONTEXT,
    MATCH,
    Match,
    checked_context,
    match_at,
    match_row,
    with_context,
)
from qa.retrieval.match_counts import (
    FacetCounts,
    FacetTally,
    MatchCounts,
    MatchTally,
    Rate,
)
from qa.retrieval.match_sorting import (
    KEYS,
    MOST_IN_MEMORY,
    MatchOrder,
    first_sorted,
    sort_in_runs,
)
from qa.retrieval.ngrams import LONGEST, SHORTEST, Ngrams, NgramSettings, NgramTally
from qa.retrieval.notebook import SHOWN, matches_html
from qa.retrieval.query import (
    ArticleWords,
    KnownWords,
    Place,
    candidates,
    parse_query,
    places,
    read_articles,
)
from qa.retrieval.query.records import Query

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame

_ORDERS = {
    MatchOrder.NEWEST: Order.NEWEST,
    MatchOrder.ARTICLE: Order.ID,
    MatchOrder.SOURCE: Order.SOURCE,
}


@dataclass(frozen=True, slots=True)
class ArticleMatches:
    """An article that fits the query, with its number in the store and the places in order."""

    number: int
    article: Article
    places: tuple[Place, ...]


class Matches:
    """Every match of a query. Articles are read while the matches are iterated, and not kept.

    Each iteration reads the archive as it is then. `query` is the query as it was given, `only`
    the filter that the articles pass.
    """

    def __init__(
        self,
        view: StateView | None,
        query: str,
        only: ArticleFilter = EVERYTHING,
        *,
        order: str = MatchOrder.DATE,
        context: int = CONTEXT,
        after: int = 0,
        archive: str | None = None,
    ) -> None:
        """Prepare a search; `Assistant.find` is the usual way. `None` is a view of no articles.

        Only articles with a number above `after` take part, which are those that came later. Each
        match tells the name `archive`, if there is one.

        Raises:
            SettingsError: the query cannot be read (`QueryError`), or a value is not allowed.
        """
        self.query = query
        self.order = known_choice(MatchOrder, order, "matches have no order")
        self._parsed: Query = parse_query(query)
        self._context = checked_context(context)
        self._view = view
        self.only = only
        self._after = after
        self._archive = archive
        self._tally: MatchTally | None = None
        self._counts: MatchCounts | None = None

    def __repr__(self) -> str:
        """Return the search in one line."""
        return one_line(self, "query", "order")

    def _repr_html_(self) -> str:
        """Return the first matches as a notebook shows them; no more are read, unless sorted."""
        return matches_html(self.query, self.page(limit=SHOWN + 1))

    def __iter__(self) -> Iterator[Match]:
        """Yield every match, in order."""
        key = KEYS.get(self.order)
        if key is None:
            return self._found()
        found = sort_in_runs(self._found(), key)
        return (with_context(match, self._context) for match in found)

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each match, in order; needs the extra `frame`."""
        return frame_of((match_row(match) for match in self), MATCH)

    def _found(self) -> Iterator[Match]:
        """Yield every match unsorted, with as much around it as is shown or decides the order."""
        context = max(self._context, CONTEXT) if self.order in KEYS else self._context
        return (
            match_at(each.article, place, context, self._archive)
            for each in self.articles()
            for place in each.places
        )

    def page(self, *, offset: int = 0, limit: int = 25) -> list[Match]:
        """Return at most `limit` matches, after the first `offset` ones.

        Raises:
            SettingsError: the limit is below 1, or the offset below 0.
        """
        check_page(offset, limit)
        key = KEYS.get(self.order)
        if key is None or offset + limit > MOST_IN_MEMORY:
            return list(islice(self, offset, offset + limit))
        first = first_sorted(self._found(), key, limit=offset + limit)
        return [with_context(match, self._context) for match in first[offset:]]

    def articles(self) -> Iterator[ArticleMatches]:
        """Yield the articles that fit, with their places: in order of date if sorted by context."""
        tally, known = MatchTally(), KnownWords()
        for number, article in read_articles(self._view, self._numbers):
            kept = places(self._parsed, ArticleWords(article, known))
            if kept is not None:
                fitting = ArticleMatches(number, article, tuple(kept))
                tally.add(number, *in_both(kept))
                yield fitting
        self._tally, self._counts = tally, None

    @property
    def counts(self) -> MatchCounts:
        """The number of articles, of places and of clusters; all matches are read once for it."""
        numbers = self.numbers()
        assert self._tally is not None  # noqa: S101 - reading them all has set it
        if self._counts is None:  # only now: near copies of a large archive take time
            first_of = self._view.copies() if self._view and numbers else {}
            self._counts = self._tally.counts(self.query, first_of)
        return self._counts

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the articles that fit; all matches are read once for it."""
        if self._tally is None:
            self._fits()
        assert self._tally is not None  # noqa: S101 - counting them has set it
        return self._tally.numbers

    def _fits(self) -> Counter[Fit]:
        """Count the articles that fit, those together that count alike."""
        tally = MatchTally()
        found = read_fits(self._view, self.query, self._numbers)
        for number, fit in found:
            tally.add(number, fit.in_texts, fit.in_titles)
        self._tally, self._counts = tally, None
        return Counter(fit for _, fit in found)

    def by(self, facet: str, *, per: str | None = None) -> FacetCounts:
        """Return the counts by "day", "month", "year", "weekday", "source", "section" and so on.

        Times come in order, with those of the selection that have no match; names come with the
        most places first. With `per="10000-words"` the words of all texts of the selection are
        counted too.

        Raises:
            SettingsError: there is no such facet, or no such rate.
        """
        return self.by_each(facet, per=per)[0]

    def by_each(
        self, *facets: str, per: str | None = None, seen: Count | None = None
    ) -> list[FacetCounts]:
        """Return the counts by several facets, as `by` does; all matches are read once for them.

        `seen` is called with what fits and how many articles do so, for what else is counted.

        Raises:
            SettingsError: there is no such facet, or no such rate.
        """
        return [tally.alone() for tally in self.tallies(*facets, per=per, seen=seen)]

    def tallies(
        self, *facets: str, per: str | None = None, seen: Count | None = None
    ) -> list[FacetTally]:
        """Return the matches counted by several facets; `by_each` shows such counts."""
        tallies = [self._new_tally(facet, per) for facet in facets]
        return self._counted(tallies, *([seen] if seen else ()))

    def tally(self, facet: str, *, per: str | None = None) -> FacetTally:
        """Return the matches counted by a facet; `by` and `Assistant.compare` show such counts.

        Raises:
            SettingsError: there is no such facet, or no such rate.
        """
        return self.tallies(facet, per=per)[0]

    def tally_beside(self, other: FacetTally) -> FacetTally:
        """Return the matches counted as those of another query in the same selection were."""
        return self._counted([other.emptied(self.query)])[0]

    def cross(self, rows: str, columns: str) -> CrossCounts:
        """Return the counts by two facets of `by` at once, such as "month" and "source".

        Raises:
            SettingsError: there is no such facet, or both are the same.
        """
        return self.cross_tally(rows, columns).counts()

    def cross_tally(self, rows: str, columns: str) -> CrossTally:
        """Return the matches counted by two facets; `cross` shows such counts."""
        tally = cross_tally((rows, columns), self.only, lambda by: self._new_tally(by, None))
        for fit, count in self._fits().items():
            tally.add(fit, count)
        return tally

    def _counted(self, tallies: list[FacetTally], *seen: Count) -> list[FacetTally]:
        counting = [*(each.add for each in tallies), *seen]
        for fit, count in self._fits().items():
            for count_in in counting:
                count_in(fit, count)
        return tallies

    def _new_tally(self, facet: str, per: str | None) -> FacetTally:
        known, rate = known_choice(Facet, facet, "nothing is counted by"), None
        if per is not None:
            rate = known_choice(Rate, per, "places are not divided per")
        view, words = self._view, None
        if rate is Rate.WORDS:
            words = view.words_by(known, self.only) if view else {}
        totals = view.count_by(known, self.only) if view else {}
        return FacetTally(self.query, known, self.only, totals, words)

    def collocates(
        self,
        *,
        window: int = WINDOW,
        measure: str = Measure.LOG_LIKELIHOOD,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
        function_words: bool = False,
    ) -> Collocates:
        """Return the words near the matches in texts that stand there more often than elsewhere.

        They stand within `window` words of a match, at least `minimum` times; forms of a word count
        together. `measure` ("log-likelihood" or "log-dice") sorts them. Every text of the selection
        is read; of near copies only the oldest.

        Raises:
            SettingsError: a value is not allowed.
        """
        known = known_choice(Measure, measure, "collocates are not measured by")
        tally = CollocateTally(CollocateSettings(window, known, minimum, limit, function_words))
        if self._view is not None:
            kept = self._without_copies(self._view)
            for each in self.articles():
                if each.number in kept:
                    tally.add_matches(each.article, each.places)
            for _, article in read_articles(self._view, sorted(kept)):
                tally.add_text(article)
        return tally.collocates(self.query)

    def ngrams(
        self,
        *,
        shortest: int = SHORTEST,
        longest: int = LONGEST,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
    ) -> Ngrams:
        """Return the most frequent words in a row that hold a match (clusters, n-grams).

        They are `shortest` to `longest` words and stand in texts at least `minimum` times; of near
        copies only the oldest counts. Of many, temporary files hold what memory does not.

        Raises:
            SettingsError: a value is not allowed.
            SortingError: a temporary file cannot be written or read.
        """
        settings = NgramSettings(shortest, longest, minimum, limit)
        with closing(NgramTally(settings)) as tally:
            if self._view is not None:
                kept = self._without_copies(self._view)
                for each in self.articles():
                    if each.number in kept:
                        tally.add(each.article, each.places)
            return tally.ngrams(self.query)

    def _without_copies(self, view: StateView) -> set[int]:
        return set(without_copies(view.passing(None, self.only), view.copies()))

    @cached_property
    def _numbers(self) -> list[int]:
        if self._view is None:
            return []
        found = candidates(self._view, self._parsed)
        numbers = None if found is None else found[found > self._after].tolist()
        passing = self._view.passing(numbers, self.only, _ORDERS.get(self.order, Order.OLDEST))
        return [number for number in passing if number > self._after]
