"""Finds collocates: words that stand near the matches of a query more often than elsewhere.

Sources: the log-likelihood ratio of Dunning, Accurate Methods for the Statistics of Surprise and
Coincidence (1993); logDice of Rychlý, A Lexicographer-Friendly Association Score (2008).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import log, log2
from typing import TYPE_CHECKING, Any

from index_store.analysis.folding import fold
from index_store.analysis.language import FUNCTION_WORDS
from index_store.analysis.written_words import word_keys, word_spans, word_stem
from index_store.one_line import one_line
from index_store.records import Article
from qa.question.checks import check_limit, check_number
from qa.retrieval.frame import NUMBER, STRING, WHOLE, frame_of
from qa.retrieval.query.comparison import Place
from qa.retrieval.query.records import TEXT

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame

WINDOW = 5  # words on each side of a match
MINIMUM = 3  # times near a match
LIMIT = 50
_WIDEST = 100
_DIGITS = 6  # behind the point
_FUNCTION_WORDS = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
_HIGHEST_DICE = 14  # of two words of which neither stands without the other
_COLUMNS = {
    "word": STRING,
    "forms": STRING,
    "count": WHOLE,
    "total": WHOLE,
    "expected": NUMBER,
    "log_likelihood": NUMBER,
    "log_dice": NUMBER,
}


class Measure(StrEnum):
    """What collocates are sorted by."""

    LOG_LIKELIHOOD = "log-likelihood"  # how sure it is that it is no chance; frequent words win
    LOG_DICE = "log-dice"  # how much of both stands together, whatever the size of the archive


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word that stands near the matches more often than chance would have it.

    `word` is the form that stands there most often, and `forms` are all of them. They stand `count`
    times near a match, and `total` times in all texts; by chance they would be `expected` times
    near a match.
    """

    word: str
    forms: tuple[str, ...]
    count: int
    total: int
    expected: float
    log_likelihood: float
    log_dice: float

    def score(self, measure: str) -> float:
        """Return how strongly the word belongs to the matches, by one measure."""
        return self.log_dice if measure == Measure.LOG_DICE else self.log_likelihood

    def to_dict(self) -> dict[str, Any]:
        """Return the word with its numbers as JSON values."""
        return {**asdict(self), "forms": list(self.forms)}


@dataclass(frozen=True, slots=True)
class Collocates:
    """The collocates of a query, the strongest first, and all numbers that decide it.

    `places` are the matches in texts and `articles` the articles of these. `window_words` words
    stand within `window` words of them, of `words` in all texts of the selection. The words of the
    matches are no part of either. Of near copies only the oldest article of the selection counts.
    """

    query: str
    measure: str
    window: int
    minimum: int
    articles: int
    places: int
    window_words: int
    words: int
    collocates: tuple[Collocate, ...]

    def __repr__(self) -> str:
        """Return the collocates in one line."""
        return one_line(self, "query", "measure", "window", "places", "collocates")

    def __iter__(self) -> Iterator[Collocate]:
        """Yield the collocates, the strongest first."""
        return iter(self.collocates)

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each word; needs the extra `frame`."""
        return frame_of(
            ({**each.to_dict(), "forms": " ".join(each.forms)} for each in self), _COLUMNS
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return {**asdict(self), "collocates": [each.to_dict() for each in self]}


@dataclass(frozen=True, slots=True)
class CollocateSettings:
    """How collocates are found.

    Raises:
        SettingsError: a value is out of range.
    """

    window: int = WINDOW
    measure: Measure = Measure.LOG_LIKELIHOOD
    minimum: int = MINIMUM
    limit: int = LIMIT
    function_words: bool = False

    def __post_init__(self) -> None:
        check_limit(self.limit)
        check_number("window", self.window, 1, _WIDEST)
        check_number("minimum", self.minimum, 1)


@dataclass(slots=True)
class CollocateTally:
    """Counts words: first those near the matches, then the same words in all texts."""

    settings: CollocateSettings
    articles: int = 0
    places: int = 0
    window_words: int = 0
    words: int = 0
    near: Counter[str] = field(default_factory=Counter)  # by stem
    within: Counter[str] = field(default_factory=Counter)  # the matches themselves
    total: Counter[str] = field(default_factory=Counter)
    forms: dict[str, Counter[str]] = field(default_factory=dict)

    def add_matches(self, article: Article, places: Iterable[Place]) -> None:
        """Count the words near the matches in the text of an article."""
        spans = [(place.start, place.end) for place in places if place.field == TEXT]
        if not spans:
            return
        self.articles += 1
        self.places += len(spans)
        keys, near, within = _around(article.text, spans, self.settings.window)
        self.window_words += len(near)
        self.words -= len(within)
        for at in near:
            stem = self._stem(keys[at], article.language)
            if stem is not None:
                self.near[stem] += 1
                self.forms.setdefault(stem, Counter())[keys[at]] += 1
        for at in within:
            stem = self._stem(keys[at], article.language)
            if stem is not None:
                self.within[stem] += 1

    def add_text(self, article: Article) -> None:
        """Count the words of a text, with or without matches; all matches come before."""
        keys = word_keys(article.text)
        self.words += len(keys)
        for key, count in Counter(keys).items():
            stem = self._stem(key, article.language)
            if stem is not None and self.near.get(stem, 0) >= self.settings.minimum:
                self.total[stem] += count

    def collocates(self, query: str) -> Collocates:
        """Return the collocates, after all texts were added."""
        settings = self.settings
        found = [self._collocate(stem) for stem in self.total if self._is_whole(stem)]
        attracted = (each for each in found if each.count > each.expected)
        ranked = sorted(
            attracted, key=lambda each: (-each.score(settings.measure), -each.count, each.word)
        )
        return Collocates(
            query=query,
            measure=settings.measure.value,
            window=settings.window,
            minimum=settings.minimum,
            articles=self.articles,
            places=self.places,
            window_words=self.window_words,
            words=self.words,
            collocates=tuple(ranked[: settings.limit]),
        )

    def _is_whole(self, stem: str) -> bool:
        """Tell whether the numbers fit together: texts may be removed between the two readings."""
        count, total = self.near[stem], self._total(stem)
        return 0 <= total - count <= self.words - self.window_words

    def _total(self, stem: str) -> int:
        return self.total[stem] - self.within[stem]

    def _collocate(self, stem: str) -> Collocate:
        count, total = self.near[stem], self._total(stem)
        forms = sorted(self.forms[stem].items(), key=lambda form: (-form[1], form[0]))
        return Collocate(
            word=forms[0][0],
            forms=tuple(form for form, _ in forms),
            count=count,
            total=total,
            expected=round(self.window_words * total / self.words, _DIGITS),
            log_likelihood=round(
                log_likelihood(count, total, self.window_words, self.words), _DIGITS
            ),
            log_dice=round(log_dice(count, total, self.places), _DIGITS),
        )

    def _stem(self, key: str, language: str | None) -> str | None:
        """Return what the forms of a word share; `None` for a function word that is left out."""
        if not self.settings.function_words and fold(key) in _FUNCTION_WORDS:
            return None
        return word_stem(key, language)


def _around(
    text: str, spans: Sequence[tuple[int, int]], window: int
) -> tuple[list[str], list[int], list[int]]:
    """Return the words of a text, and the numbers of those near places and of those within.

    A word near two places is near once; one within a place is not near another.
    """
    keys = word_keys(text)
    starts = [start for start, _ in word_spans(text)]
    near: set[int] = set()
    within: set[int] = set()
    for start, end in spans:
        first, behind = bisect_left(starts, start), bisect_left(starts, end)
        within.update(range(first, behind))
        near.update(range(max(0, first - window), min(len(keys), behind + window)))
    return keys, sorted(near - within), sorted(within)


def log_likelihood(near: int, total: int, window_words: int, words: int) -> float:
    """Return G², the log-likelihood ratio of a word near the matches and elsewhere.

    From 3.84 the chance is below 5 %, from 10.83 below 0.1 % (for one word, chosen beforehand).

    >>> round(log_likelihood(10, 20, 100, 1000), 3)
    21.177
    """
    elsewhere = words - window_words
    observed = (near, window_words - near, total - near, elsewhere - (total - near))
    expected = [
        row * column / words
        for row in (window_words, elsewhere)
        for column in (total, words - total)
    ]
    pairs = zip(observed, expected, strict=True)
    return 2 * sum(seen * log(seen / chance) for seen, chance in pairs if seen)


def log_dice(near: int, total: int, places: int) -> float:
    """Return logDice: how much of the word and of the matches stands together.

    It is 14 if neither stands without the other; one less means half as much together. A word that
    stands several times near one match can have more than 14.

    >>> log_dice(10, 10, 10), log_dice(5, 10, 10)
    (14.0, 13.0)
    """
    return _HIGHEST_DICE + log2(2 * near / (total + places))


def without_copies(numbers: Iterable[int], first_of: Mapping[int, int]) -> list[int]:
    """Return numbers of articles, of each group of near copies the first that comes.

    >>> without_copies([3, 5, 4], {3: 3, 4: 3})
    [3, 5]
    """
    first: dict[int, int] = {}
    for number in numbers:
        first.setdefault(first_of.get(number, number), number)
    return list(first.values())
