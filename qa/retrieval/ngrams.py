"""Counts the n-grams that hold a match: words in a row, as concordance programs list clusters."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from index_store.analysis.written_words import word_keys, word_spans
from index_store.one_line import one_line
from index_store.records import Article
from qa.question.checks import check_limit, check_number
from qa.retrieval.collocates import LIMIT, MINIMUM
from qa.retrieval.frame import STRING, WHOLE, frame_of
from qa.retrieval.query.comparison import Place
from qa.retrieval.query.records import TEXT, marks_between
from qa.retrieval.sorted_runs import SortedRuns

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame

SHORTEST, LONGEST = 2, 5  # words
_MOST_WORDS = 10
_WITHIN_WORD = re.compile("['.,:/&@_+]")
_SPACE = re.compile(r"\s")
_MOST_KEPT = 200_000  # different n-grams in memory at a time
_COLUMNS = {
    "text": STRING,
    "words": WHOLE,
    "count": WHOLE,
    "articles": WHOLE,
}


@dataclass(frozen=True, slots=True)
class Ngram:
    """Words in a row that hold a match, `count` times in `articles` texts.

    `text` has small letters, a blank for any white space and hyphens, and the marks within words.
    Between quotation marks it is a query that finds these words.
    """

    text: str
    words: int
    count: int
    articles: int

    def to_dict(self) -> dict[str, Any]:
        """Return the n-gram with its numbers as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ngrams:
    """The n-grams of a query, the most frequent first, of those the longest.

    `places` are the matches in texts and `articles` the articles of these. Of near copies only the
    oldest article of the selection counts.
    """

    query: str
    shortest: int
    longest: int
    minimum: int
    articles: int
    places: int
    ngrams: tuple[Ngram, ...]

    def __repr__(self) -> str:
        """Return the n-grams in one line."""
        return one_line(self, "query", "shortest", "longest", "places", "ngrams")

    def __iter__(self) -> Iterator[Ngram]:
        """Yield the n-grams, the most frequent first."""
        return iter(self.ngrams)

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each n-gram; needs the extra `frame`."""
        return frame_of((each.to_dict() for each in self), _COLUMNS)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return {**asdict(self), "ngrams": [each.to_dict() for each in self]}


@dataclass(frozen=True, slots=True)
class NgramSettings:
    """Which n-grams are listed: of how many words, and standing how many times at least.

    Raises:
        SettingsError: a value is out of range.
    """

    shortest: int = SHORTEST
    longest: int = LONGEST
    minimum: int = MINIMUM
    limit: int = LIMIT

    def __post_init__(self) -> None:
        check_limit(self.limit)
        check_number("shortest", self.shortest, 2, _MOST_WORDS)
        check_number("longest", self.longest, self.shortest, _MOST_WORDS)
        check_number("minimum", self.minimum, 1)


_Row = tuple[str, int, int, int]  # text, words, count, articles


@dataclass(slots=True)
class NgramTally:
    """Counts n-grams; what memory does not hold goes to temporary files. Close it at the end."""

    settings: NgramSettings
    articles: int = 0
    places: int = 0
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)  # by text and words
    within: Counter[tuple[str, int]] = field(default_factory=Counter)  # articles
    runs: SortedRuns[_Row] = field(default_factory=lambda: SortedRuns(_text, list, _row))

    def add(self, article: Article, places: Iterable[Place]) -> None:
        """Count the n-grams that hold a match in the text of an article.

        Raises:
            SortingError: a temporary file cannot be written.
        """
        spans = [(place.start, place.end) for place in places if place.field == TEXT]
        if not spans:
            return
        self.articles += 1
        self.places += len(spans)
        found = Counter(_around(article.text, spans, self.settings))
        self.counts.update(found)
        self.within.update(found.keys())
        if len(self.counts) > _MOST_KEPT:
            self.runs.add(self._rows())
            self.counts.clear()
            self.within.clear()

    def ngrams(self, query: str) -> Ngrams:
        """Return the n-grams, after all matches were added.

        Raises:
            SortingError: a temporary file cannot be read.
        """
        settings = self.settings
        frequent = (each for each in self._summed() if each.count >= settings.minimum)
        kept = heapq.nsmallest(
            settings.limit, frequent, key=lambda each: (-each.count, -each.words, each.text)
        )
        return Ngrams(
            query=query,
            shortest=settings.shortest,
            longest=settings.longest,
            minimum=settings.minimum,
            articles=self.articles,
            places=self.places,
            ngrams=tuple(kept),
        )

    def close(self) -> None:
        """Remove the temporary files."""
        self.runs.close()

    def _rows(self) -> list[_Row]:
        rows = [(*each, count, self.within[each]) for each, count in self.counts.items()]
        return sorted(rows, key=_text)

    def _summed(self) -> Iterator[Ngram]:
        for text, rows in groupby(self.runs.merged(self._rows()), key=_text):
            _, words, counts, articles = zip(*rows, strict=True)
            yield Ngram(text, words[0], sum(counts), sum(articles))


def _text(row: _Row) -> str:
    return row[0]


def _row(values: list[Any]) -> _Row:
    text, words, count, articles = values
    return text, words, count, articles


def _around(
    text: str, spans: Sequence[tuple[int, int]], settings: NgramSettings
) -> Iterator[tuple[str, int]]:
    """Yield each n-gram that holds one of the places, with its number of words.

    >>> found = _around("Over de nieuwe brug. Dicht.", [(15, 19)], NgramSettings(longest=3))
    >>> list(found)
    [('nieuwe brug', 2), ('de nieuwe brug', 3)]
    """
    keys, words = word_keys(text), word_spans(text)
    gaps = [_gap(text[one[1] : two[0]]) for one, two in pairwise(words)]
    numbers = {start: at for at, (start, _) in enumerate(words)}
    seen: set[tuple[int, int]] = set()
    for start, end in spans:
        first = last = numbers[start]
        while words[last][1] < end:
            last += 1
        for row in _rows_with(first, last, gaps, settings):
            if row not in seen:  # it may hold two matches
                seen.add(row)
                yield _joined(keys, gaps, row), row[1] - row[0] + 1


def _rows_with(
    first: int, last: int, gaps: Sequence[str | None], settings: NgramSettings
) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each row of words that holds those from first to last."""
    for words in range(max(settings.shortest, last - first + 1), settings.longest + 1):
        for begin in range(max(0, last - words + 1), first + 1):
            end = begin + words - 1
            if end <= len(gaps) and None not in gaps[begin:end]:
                yield begin, end


def _gap(gap: str) -> str | None:
    r"""Return what stands for the text between two words; `None` if it ends a row.

    A mark stands within a row only if it stands alone and within a written word: "100.000".

    >>> _gap("\n"), _gap("-"), _gap("\u2019"), _gap("."), _gap(". ")
    (' ', ' ', "'", '.', None)
    """
    marks = marks_between(gap)
    if not marks:
        return " "
    return marks if _WITHIN_WORD.fullmatch(marks) and not _SPACE.search(gap) else None


def _joined(keys: Sequence[str], gaps: Sequence[str | None], row: tuple[int, int]) -> str:
    first, last = row
    joints = (gaps[at] or "" for at in range(first, last))
    return keys[first] + "".join(
        joint + key for joint, key in zip(joints, keys[first + 1 : last + 1], strict=True)
    )
