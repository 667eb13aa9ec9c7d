"""The counts of the matches of queries: in all, and by month, source, author and so on."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from index_store.catalog.facets import Facet, values_of
from index_store.one_line import one_line
from index_store.records import ArticleFilter
from qa.retrieval.fits import Fit
from qa.retrieval.frame import NUMBER, STRING, WHOLE, frame_of

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame

_IN_ORDER = (Facet.DAY, Facet.MONTH, Facet.YEAR, Facet.WEEKDAY)
_DIGITS = 6  # behind the point of a ratio
_SO_MANY_WORDS = 10_000


class Rate(StrEnum):
    """What the places in texts are divided by: articles, or words of texts, matching or not."""

    ARTICLE = "article"
    WORDS = "10000-words"


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """How many articles match, at how many places in texts and in titles.

    In `clusters`, articles that are near copies of each other count as one. Of several archives,
    these are all counts together, and `archives` has those of each, with its name as `archive`.
    """

    query: str
    articles: int
    places: int
    clusters: int
    title_places: int
    archive: str | None = None
    archives: tuple[MatchCounts, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return _with_archives(asdict(self), self.archives)


def _with_archives(
    told: dict[str, Any], parts: Sequence[MatchCounts | FacetCount]
) -> dict[str, Any]:
    """Return counts as JSON values, without what those of one archive have not."""
    kept = {name: value for name, value in told.items() if name not in ("archive", "archives")}
    kept |= {"archive": told["archive"]} if told["archive"] else {}
    return kept | ({"archives": [each.to_dict() for each in parts]} if parts else {})


class MatchTally:
    """Counts the articles, the places and the clusters of near copies of one query."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.numbers = array("q")
        self._texts = self._titles = 0

    def add(self, number: int, in_texts: int, in_titles: int) -> None:
        """Count an article by its number in the store, with how many places it has."""
        self.numbers.append(number)
        self._texts += in_texts
        self._titles += in_titles

    def counts(self, query: str, first_of: Mapping[int, int]) -> MatchCounts:
        """Return the counts; `first_of` names the first article of each near copy."""
        return MatchCounts(
            query=query,
            articles=len(self.numbers),
            places=self._texts,
            clusters=len({first_of.get(number, number) for number in self.numbers}),
            title_places=self._titles,
        )


@dataclass(frozen=True, slots=True)
class FacetCount:
    """The counts of one value of a facet, such as the month "2021-12".

    `value` is `None` for articles that have none, such as those of unknown date; weekdays are "1"
    (Monday) to "7". `of_articles` is the number of articles that the selection has with this value,
    whether they match or not; `of_words` are the words in their texts, if that was asked for.
    `archive` and `archives` are as in `MatchCounts`.
    """

    by: str
    value: str | None
    articles: int
    places: int
    title_places: int
    of_articles: int
    query: str = ""
    of_words: int | None = None
    archive: str | None = None
    archives: tuple[FacetCount, ...] = ()

    @property
    def share(self) -> float:
        """The part of the articles that match, 0–1."""
        return round(self.articles / self.of_articles, _DIGITS) if self.of_articles else 0.0

    @property
    def per_article(self) -> float:
        """The places in texts for each article, matching or not."""
        return round(self.places / self.of_articles, _DIGITS) if self.of_articles else 0.0

    @property
    def per_10000_words(self) -> float | None:
        """The places in texts for 10,000 words of texts; `None` if no words were counted."""
        if self.of_words is None:
            return None
        rate = self.places / self.of_words * _SO_MANY_WORDS if self.of_words else 0.0
        return round(rate, _DIGITS)

    def rate(self, per: str | None) -> float:
        """Return the places in texts, or what they are for each article or 10,000 words."""
        match per:
            case Rate.ARTICLE:
                return self.per_article
            case Rate.WORDS:
                return self.per_10000_words or 0.0
        return self.places

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        counts = asdict(self)
        words = counts.pop("of_words")
        counts |= {"share": self.share, "per_article": self.per_article}
        if words is not None:
            counts |= {"of_words": words, "per_10000_words": self.per_10000_words}
        return _with_archives(counts, self.archives)


COUNT = {
    "query": STRING,
    "by": STRING,
    "value": STRING,
    "articles": WHOLE,
    "places": WHOLE,
    "title_places": WHOLE,
    "of_articles": WHOLE,
    "share": NUMBER,
    "per_article": NUMBER,
    "of_words": WHOLE,
    "per_10000_words": NUMBER,
}
"""The columns of counts in a frame, with their kinds."""


def count_frame(counts: Iterable[FacetCount]) -> Frame:
    """Return a pandas frame with a row for each count.

    Raises:
        SettingsError: pandas (the extra `frame`) is not installed.
    """
    return frame_of(({name: getattr(each, name) for name in COUNT} for each in counts), COUNT)


class FacetCounts(tuple[FacetCount, ...]):
    """The counts of one query, value by value: a tuple that can become a frame."""

    __slots__ = ()

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each value; needs the extra `frame`."""
        return count_frame(self)


@dataclass(frozen=True, slots=True)
class CountSeries:
    """The counts of several queries in one selection, value by value.

    `rows` has a row for each value of the facet, and a row has a count for each of the `queries`,
    in their order. `per` is what the places are to be divided by, if they are.
    """

    by: str
    per: str | None
    queries: tuple[str, ...]
    rows: tuple[tuple[FacetCount, ...], ...]

    def __repr__(self) -> str:
        """Return the series in one line."""
        return one_line(self, "by", "per", "queries", "rows")

    def __iter__(self) -> Iterator[FacetCount]:
        """Yield every count, row by row."""
        return (count for row in self.rows for count in row)

    def of_archives(self) -> Iterator[tuple[str, CountSeries]]:
        """Yield the counts of each of several archives, with its name; of one alone, nothing.

        Names that an archive does not have are left out of its counts.
        """
        names = [each.archive or "" for each in self.rows[0][0].archives] if self.rows else []
        for at, name in enumerate(names):
            rows = (tuple(count.archives[at] for count in row) for row in self.rows)
            has = tuple(row for row in rows if self.by in _IN_ORDER or row[0].of_articles)
            yield name, replace(self, rows=has)

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each value and query; needs the extra `frame`."""
        return count_frame(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the series as JSON values; `counts` holds one object for each value and query."""
        return {
            "by": self.by,
            "per": self.per,
            "queries": list(self.queries),
            "counts": [count.to_dict() for count in self],
        }


@dataclass(slots=True)
class FacetTally:
    """Counts the articles that match one query by a facet.

    `totals` are the articles of the selection by value, `words` the words in their texts. Of
    several archives together, `parts` has the tally of each by its name.
    """

    query: str
    facet: Facet
    only: ArticleFilter
    totals: Mapping[str | None, int]
    words: Mapping[str | None, int] | None = None
    articles: Counter[str | None] = field(default_factory=Counter)
    texts: Counter[str | None] = field(default_factory=Counter)
    titles: Counter[str | None] = field(default_factory=Counter)
    parts: Mapping[str, FacetTally] = field(default_factory=dict)

    @classmethod
    def together(cls, parts: Mapping[str, FacetTally]) -> Self:
        """Return the tally of several archives: all counts are added up."""
        each = list(parts.values())
        first = each[0]
        words = None if first.words is None else _sum(part.words or {} for part in each)
        return cls(
            query=first.query,
            facet=first.facet,
            only=first.only,
            totals=_sum(part.totals for part in each),
            words=words,
            articles=_sum(part.articles for part in each),
            texts=_sum(part.texts for part in each),
            titles=_sum(part.titles for part in each),
            parts=parts,
        )

    def emptied(self, query: str) -> FacetTally:
        """Return a tally of another query in the same selection, in which nothing is counted."""
        return FacetTally(query, self.facet, self.only, self.totals, self.words)

    def add(self, fit: Fit, count: int) -> None:
        """Count so many articles with their places under each of their values."""
        for value in set(values_of(fit.article, self.facet, self.only)):
            self.articles[value] += count
            self.texts[value] += count * fit.in_texts
            self.titles[value] += count * fit.in_titles

    def alone(self) -> FacetCounts:
        """Return the counts of this query without others beside it."""
        return FacetCounts(row[0] for row in count_series([self]).rows)

    def values(self) -> set[str | None]:
        """Return the values that are shown: of times all that the selection has."""
        found = set(self.articles)
        return found | set(self.totals) if self.facet in _IN_ORDER else found

    def count(self, value: str | None) -> FacetCount:
        """Return the count of one value."""
        return FacetCount(
            by=self.facet.value,
            value=value,
            articles=self.articles[value],
            places=self.texts[value],
            title_places=self.titles[value],
            of_articles=max(self.totals.get(value, 0), self.articles[value]),
            query=self.query,
            of_words=None if self.words is None else self.words.get(value, 0),
            archives=tuple(
                replace(part.count(value), archive=name) for name, part in self.parts.items()
            ),
        )


def _sum(counted: Iterable[Mapping[str | None, int]]) -> Counter[str | None]:
    found = Counter[str | None]()
    for each in counted:
        found.update(each)
    return found


def count_series(tallies: Sequence[FacetTally], per: str | None = None) -> CountSeries:
    """Return the counts of queries that were counted by one facet, in one selection.

    Times come in order, names with the most places (of all queries) first.
    """
    facet = tallies[0].facet
    values = set[str | None]().union(*(tally.values() for tally in tallies))
    rows = (tuple(tally.count(value) for tally in tallies) for value in values)
    return CountSeries(
        by=facet.value,
        per=per,
        queries=tuple(tally.query for tally in tallies),
        rows=tuple(sorted(rows, key=_by_time if facet in _IN_ORDER else _by_places)),
    )


def _by_time(row: Sequence[FacetCount]) -> tuple[bool, str]:
    return row[0].value is None, row[0].value or ""


def _by_places(row: Sequence[FacetCount]) -> tuple[bool, int, int, str]:
    value = row[0].value
    places, articles = (sum(getattr(each, name) for each in row) for name in ("places", "articles"))
    return value is None, -places, -articles, value or ""
