"""Every match of a query in several archives, in one order, with what each of them counts."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from index_store.one_line import one_line
from qa.question.checks import check_page
from qa.retrieval.cross_counts import CrossCounts, CrossTally
from qa.retrieval.fits import Count
from qa.retrieval.frame import frame_of
from qa.retrieval.match import CONTEXT, MATCH, Match, match_row, with_context
from qa.retrieval.match_counts import FacetCounts, FacetTally, MatchCounts
from qa.retrieval.match_sorting import KEYS, MatchOrder
from qa.retrieval.matches import Matches
from qa.retrieval.notebook import SHOWN, matches_html

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame


def _oldest(match: Match) -> tuple[object, ...]:
    first, last = _days(match)
    return match.published.first is None, first, last, match.article_id


def _newest(match: Match) -> tuple[object, ...]:
    first, last = _days(match)
    return match.published.first is None, -last, -first, match.article_id


def _source(match: Match) -> tuple[object, ...]:
    first, _ = _days(match)
    return _lower(match.source), match.published.first is None, first, match.article_id


def _days(match: Match) -> tuple[int, int]:
    first, last = match.published.first, match.published.last
    return (first or date.max).toordinal(), (last or date.max).toordinal()


def _lower(text: str) -> str:
    """Return a text as the catalog compares it, which knows no other capitals than A to Z."""
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


_MERGED = MappingProxyType[MatchOrder, Callable[[Match], Any]](
    {
        MatchOrder.DATE: _oldest,
        MatchOrder.NEWEST: _newest,
        MatchOrder.ARTICLE: lambda match: match.article_id,
        MatchOrder.SOURCE: _source,
        **KEYS,
    }
)
"""By what the matches of several archives, each in its order, become one row."""


class JointMatches:
    """Every match of a query in several archives; each says its `archive`.

    Articles are read while the matches are iterated, and not kept. An article that several archives
    hold is found in each of them; among the `clusters` it counts once.
    """

    def __init__(
        self,
        parts: Mapping[str, Matches],
        *,
        context: int = CONTEXT,
        number: Callable[[str, int], int],
        first_of: Callable[[], Mapping[int, int]],
    ) -> None:
        """Take the matches of each archive by its name: of one query, selection and order.

        They have at least the context that decides an order; `context` is what is shown. `number`
        tells the number in the union of an article of an archive; `first_of`, by such numbers, the
        first article of each group of copies.
        """
        first = next(iter(parts.values()))
        self.query, self.order, self.only = first.query, first.order, first.only
        self._parts = parts
        self._context = context
        self._number = number
        self._first_of = first_of

    def __repr__(self) -> str:
        """Return the search in one line."""
        return one_line(self, "query", "order")

    def _repr_html_(self) -> str:
        """Return the first matches as a notebook shows them."""
        return matches_html(self.query, self.page(limit=SHOWN + 1))

    def __iter__(self) -> Iterator[Match]:
        """Yield every match, in order; of two that are equal in it, the first archive's first."""
        merged = heapq.merge(*self._parts.values(), key=_MERGED[self.order])
        return (with_context(match, self._context) for match in merged)

    def page(self, *, offset: int = 0, limit: int = 25) -> list[Match]:
        """Return at most `limit` matches, after the first `offset` ones.

        Raises:
            SettingsError: the limit is below 1, or the offset below 0.
        """
        check_page(offset, limit)
        return list(islice(self, offset, offset + limit))

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each match, in order; needs the extra `frame`."""
        return frame_of((match_row(match) for match in self), MATCH)

    @cached_property
    def counts(self) -> MatchCounts:
        """The counts of all archives together, and those of each."""
        each = [replace(part.counts, archive=name) for name, part in self._parts.items()]
        return MatchCounts(
            query=self.query,
            articles=sum(part.articles for part in each),
            places=sum(part.places for part in each),
            clusters=self._clusters(),
            title_places=sum(part.title_places for part in each),
            archives=tuple(each),
        )

    def _clusters(self) -> int:
        numbers = [
            self._number(name, number)
            for name, part in self._parts.items()
            for number in part.numbers()
        ]
        first_of = self._first_of() if numbers else {}
        return len({first_of.get(number, number) for number in numbers})

    def by(self, facet: str, *, per: str | None = None) -> FacetCounts:
        """Return the counts by "month", "source" and so on: see `Matches.by`."""
        return self.by_each(facet, per=per)[0]

    def by_each(
        self, *facets: str, per: str | None = None, seen: Count | None = None
    ) -> list[FacetCounts]:
        """Return the counts by several facets: see `Matches.by_each`."""
        return [tally.alone() for tally in self._tallies(*facets, per=per, seen=seen)]

    def _tallies(self, *facets: str, per: str | None, seen: Count | None) -> list[FacetTally]:
        parts = {
            name: part.tallies(*facets, per=per, seen=seen) for name, part in self._parts.items()
        }
        return [
            FacetTally.together({name: tallies[at] for name, tallies in parts.items()})
            for at in range(len(facets))
        ]

    def tally(self, facet: str, *, per: str | None = None) -> FacetTally:
        """Return the matches counted by a facet, as `Matches.tally` does."""
        return self._tallies(facet, per=per, seen=None)[0]

    def tally_beside(self, other: FacetTally) -> FacetTally:
        """Return the matches counted as those of another query in the same archives were."""
        return FacetTally.together(
            {name: part.tally_beside(other.parts[name]) for name, part in self._parts.items()}
        )

    def cross(self, rows: str, columns: str) -> CrossCounts:
        """Return the counts of all archives together by two facets, as `Matches.cross` does."""
        parts = {name: part.cross_tally(rows, columns) for name, part in self._parts.items()}
        return CrossTally.together(parts).counts()


def first_of_groups(copies: Mapping[int, int], twins: Sequence[Sequence[int]]) -> Mapping[int, int]:
    """Return the first article of each group: of near copies, and of what several archives hold.

    >>> first_of_groups({4: 2}, [[4, 5], [6, 7]])
    {4: 2, 5: 2, 6: 6, 7: 6}
    """
    found = dict(copies)
    for first, *others in twins:
        found |= dict.fromkeys((first, *others), copies.get(first, first))
    return found
