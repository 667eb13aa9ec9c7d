"""Compares a query with an article: whether it fits, and every place where its words stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from index_store.analysis.terms import word_forms
from index_store.analysis.written_words import (
    simple_text,
    whole_word_places,
    word_keys,
    word_spans,
    word_terms,
)
from index_store.records import Article
from qa.retrieval.query.records import (
    TEXT,
    TITLE,
    Both,
    Either,
    Query,
    QueryWord,
    Without,
    WordKind,
    WordRow,
    marks_between,
)
from qa.retrieval.query.smallest_spans import smallest_spans

_MOST_KEPT = 100_000  # words of texts that a search remembers, some 10 MB


class Place(NamedTuple):
    """A place in an article: `getattr(article, field)[start:end]`; titles come before texts."""

    field: str
    start: int
    end: int


def places(query: Query, article: ArticleWords) -> list[Place] | None:
    """Return every place that makes an article fit, in order; `None` if the article does not fit.

    A place is one match. Of places that overlap the first counts, of those with one start the
    longest. What stands in a part with NOT, or names a source, author or section, has no place.
    """
    found = _found(query, article)
    if found is None:
        return None
    kept: list[Place] = []
    for place in sorted(set(found), key=lambda each: (each.field == TEXT, each.start, -each.end)):
        if not kept or kept[-1].field != place.field or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _found(query: Query, article: ArticleWords) -> list[Place] | None:
    match query:
        case WordRow():
            found = list(_row_places(query, article))
            if query.field in (None, TITLE, TEXT):
                return found or None
            return [] if found else None
        case Without(part):
            return [] if _found(part, article) is None else None
        case Both(parts):
            sets = []
            for part in parts:
                if (found_here := _found(part, article)) is None:
                    return None
                sets.append(found_here)
            return [place for each in sets for place in each]
        case Either(parts):
            fitting = [each for part in parts if (each := _found(part, article)) is not None]
            return [place for each in fitting for place in each] if fitting else None


def _row_places(row: WordRow, article: ArticleWords) -> Iterator[Place]:
    for field in (TITLE, TEXT) if row.field is None else (row.field,):
        for words in article.fields(field):
            spans = words.phrase(row) if row.distance is None else words.near(row, row.distance)
            yield from (Place(field, start, end) for start, end in spans)


class KnownWords:
    """What one search has learned of the words of texts: which of them a word of the query is."""

    def __init__(self) -> None:
        self._others: dict[tuple[QueryWord, str | None], set[str]] = {}
        self._kept = 0

    def fitting(
        self, word: QueryWord, language: str | None, among: AbstractSet[str]
    ) -> AbstractSet[str]:
        """Return which of some words of a text fit a word of the query."""
        if word.kind is WordKind.EXACT:
            return among & {word.key}
        if self._kept > _MOST_KEPT:
            self._others, self._kept = {}, 0
        others = self._others.setdefault((word, language), set())
        perhaps = among - others
        fitting = _fitting(word, language, perhaps)
        others |= perhaps - fitting
        self._kept += len(perhaps) - len(fitting)
        return fitting


def _fitting(word: QueryWord, language: str | None, among: AbstractSet[str]) -> set[str]:
    if word.kind is WordKind.BEGINNING:
        return {key for key in among if key.startswith(word.key)}
    forms = _alternatives(word.key)
    return {key for key in among if not forms.isdisjoint(word_terms(key, language))}


@lru_cache(maxsize=1000)
def _alternatives(key: str) -> frozenset[str]:
    return frozenset(word_forms(key).alternatives)


class ArticleWords:
    """The words of an article, found when they are first needed.

    `known` is shared by the articles of one search.
    """

    def __init__(self, article: Article, known: KnownWords | None = None) -> None:
        self.article = article
        self._known = known or KnownWords()
        self._fields: dict[str, tuple[_FieldWords, ...]] = {}

    def fields(self, name: str) -> tuple[_FieldWords, ...]:
        """Return the words of a field; an article has several sources if it was found in several.

        The name is "title", "text", "source", "author" or "section".
        """
        if name not in self._fields:
            texts: Iterable[str | None] = (getattr(self.article, name),)
            if name == "source":
                texts = (self.article.source, *self.article.other_sources)
            language = self.article.language
            self._fields[name] = tuple(
                _FieldWords(each, language, self._known) for each in texts if each
            )
        return self._fields[name]


class _FieldWords:
    """The words of a text in order, and where each of them stands."""

    def __init__(self, text: str, language: str | None, known: KnownWords) -> None:
        self._text = text
        self._language = language
        self._known = known
        self._found: dict[QueryWord, list[int]] = {}

    @cached_property
    def _simple(self) -> str | None:
        return simple_text(self._text)

    @cached_property
    def _keys(self) -> list[str]:
        return word_keys(self._text)

    @cached_property
    def _distinct(self) -> frozenset[str]:
        return frozenset(self._keys)

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return word_spans(self._text)

    def phrase(self, row: WordRow) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each place where the words stand in a row."""
        if len(row.words) == 1 and self._simple is not None:
            return self._single(row.words[0], self._simple)
        return self._in_a_row(row)

    def _single(self, word: QueryWord, simple: str) -> Iterator[tuple[int, int]]:
        """Yield the places of one word, not in order; words of no interest are not placed."""
        exact = word.kind is WordKind.EXACT  # then no word has to be told from the others
        keys = (word.key,) if exact else self._fitting(word)
        return chain.from_iterable(whole_word_places(simple, key) for key in keys)

    def _in_a_row(self, row: WordRow) -> Iterator[tuple[int, int]]:
        first, *others = (self._numbers(word) for word in row.words)
        if not all((first, *others)):
            return
        allowed = [set(numbers) for numbers in others]
        for number in first:
            if all(number + 1 + at in numbers for at, numbers in enumerate(allowed)):
                last = number + len(others)
                if not others or self._marks(number, last) == row.marks:
                    yield self._spans[number][0], self._spans[last][1]

    def _marks(self, first: int, last: int) -> tuple[str, ...]:
        row = self._spans[first : last + 1]
        return tuple(marks_between(self._text[one[1] : two[0]]) for one, two in pairwise(row))

    def near(self, row: WordRow, distance: int) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each smallest span that holds all words, in any order."""
        wanted = [self._numbers(word) for word in row.words]
        if all(wanted):
            for first, last in smallest_spans(wanted, distance + len(wanted)):
                yield self._spans[first][0], self._spans[last][1]

    def _numbers(self, word: QueryWord) -> list[int]:
        """Return the numbers of the words of the text that a word of the query stands for."""
        if word not in self._found:
            fitting = self._fitting(word)
            numbered = enumerate(self._keys) if fitting else ()
            self._found[word] = [at for at, key in numbered if key in fitting]
        return self._found[word]

    def _fitting(self, word: QueryWord) -> AbstractSet[str]:
        return self._known.fitting(word, self._language, self._distinct)
