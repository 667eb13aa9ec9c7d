"""The counts of the matches of a query: in all, and by month, source, author and so on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index_store.catalog.facets import Facet, values_of
from index_store.records import Article, ArticleFilter
from qa.retrieval.query.comparison import Place
from qa.retrieval.query.records import TEXT

_IN_ORDER = (Facet.DAY, Facet.MONTH, Facet.YEAR, Facet.WEEKDAY)
_DIGITS = 6  # behind the point of a ratio


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """How many articles match, at how many places in texts and in titles.

    In `clusters`, articles that are near copies of each other count as one.
    """

    query: str
    articles: int
    places: int
    clusters: int
    title_places: int

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FacetCount:
    """The counts of one value of a facet, such as the month "2021-12".

    `value` is `None` for articles that have none, such as those of unknown date; weekdays are "1"
    (Monday) to "7". `of_articles` is the number of articles that the selection has with this value,
    whether they match or not.
    """

    by: str
    value: str | None
    articles: int
    places: int
    title_places: int
    of_articles: int

    @property
    def share(self) -> float:
        """The part of the articles that match, 0–1."""
        return round(self.articles / self.of_articles, _DIGITS) if self.of_articles else 0.0

    @property
    def per_article(self) -> float:
        """The places in texts for each article, matching or not."""
        return round(self.places / self.of_articles, _DIGITS) if self.of_articles else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return {**asdict(self), "share": self.share, "per_article": self.per_article}


class FacetTally:
    """Counts matching articles by a facet."""

    def __init__(self, facet: Facet, only: ArticleFilter) -> None:
        self._facet = facet
        self._only = only
        self._articles: Counter[str | None] = Counter()
        self._texts: Counter[str | None] = Counter()
        self._titles: Counter[str | None] = Counter()

    def add(self, article: Article, places: Sequence[Place]) -> None:
        """Count an article with its places under each of its values."""
        in_text = sum(place.field == TEXT for place in places)
        for value in set(values_of(article, self._facet, self._only)):
            self._articles[value] += 1
            self._texts[value] += in_text
            self._titles[value] += len(places) - in_text

    def counts(self, totals: Mapping[str | None, int]) -> tuple[FacetCount, ...]:
        """Return the counts; `totals` are the articles of the selection by value."""
        in_order = self._facet in _IN_ORDER
        values = self._articles.keys() | (totals.keys() if in_order else set())
        found = (
            FacetCount(
                by=self._facet.value,
                value=value,
                articles=self._articles[value],
                places=self._texts[value],
                title_places=self._titles[value],
                of_articles=max(totals.get(value, 0), self._articles[value]),
            )
            for value in values
        )
        return tuple(sorted(found, key=_by_time if in_order else _by_places))


def _by_time(count: FacetCount) -> tuple[bool, str]:
    return count.value is None, count.value or ""


def _by_places(count: FacetCount) -> tuple[bool, int, int, str]:
    return count.value is None, -count.places, -count.articles, count.value or ""
