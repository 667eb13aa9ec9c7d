"""Compares a query with an article: whether it fits, and every place where its words stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from index_store.analysis.terms import word_forms
from index_store.analysis.written_words import word_keys, word_spans, word_terms
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


class ArticleWords:
    """The words of an article, found when they are first needed."""

    def __init__(self, article: Article) -> None:
        self.article = article
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
            self._fields[name] = tuple(_FieldWords(each, language) for each in texts if each)
        return self._fields[name]


class _FieldWords:
    """The words of a text in order, and where each of them stands."""

    def __init__(self, text: str, language: str | None) -> None:
        self._text = text
        self._language = language
        self._keys = word_keys(text)
        self._known: dict[QueryWord, list[int]] = {}

    @cached_property
    def _distinct(self) -> frozenset[str]:
        return frozenset(self._keys)

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return word_spans(self._text)

    def phrase(self, row: WordRow) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each place where the words stand in a row."""
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
        if word not in self._known:
            fitting = self._fitting(word)
            numbered = enumerate(self._keys) if fitting else ()
            self._known[word] = [at for at, key in numbered if key in fitting]
        return self._known[word]

    def _fitting(self, word: QueryWord) -> AbstractSet[str]:
        """Return which of the words of the text fit; the stems of words are kept elsewhere."""
        match word.kind:
            case WordKind.EXACT:
                return self._distinct & {word.key}
            case WordKind.BEGINNING:
                return {key for key in self._distinct if key.startswith(word.key)}
        forms = _alternatives(word.key)
        return {
            key for key in self._distinct if not forms.isdisjoint(word_terms(key, self._language))
        }


@lru_cache(maxsize=1000)
def _alternatives(key: str) -> frozenset[str]:
    return frozenset(word_forms(key).alternatives)
