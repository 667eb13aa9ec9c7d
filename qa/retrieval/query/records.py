"""A query as a tree: words in a row, and how they are combined."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from index_store.analysis.written_words import INVISIBLE

TITLE, TEXT = "title", "text"

# Between the words of a phrase these count for nothing; a hyphen separates words.
_NO_MARKS = re.compile(rf"[\s\-\u2010\u2011{INVISIBLE}]+")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc]")


class WordKind(StrEnum):
    """What a word of a query stands for."""

    FORMS = "forms"  # every form of the word, and the compounds that it is a part of
    EXACT = "exact"  # the word itself, in any case
    BEGINNING = "beginning"  # every word that begins so


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word to find; `key` is its `word_key`."""

    key: str
    kind: WordKind


@dataclass(frozen=True, slots=True)
class WordRow:
    """Words to find together: one word, a phrase, or words near each other.

    In a phrase (`distance` is `None`), nothing but `marks[i]` stands between word `i` and the next,
    apart from white space and hyphens. Else the words stand in any order, with at most `distance`
    other words between the first and the last. `field` is the part of the article that is searched;
    `None` stands for title and text.
    """

    words: tuple[QueryWord, ...]
    marks: tuple[str, ...] = ()
    distance: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: Query


Query = WordRow | Both | Either | Without


def marks_between(gap: str) -> str:
    r"""Return the marks in the text between two words, without white space and hyphens.

    >>> marks_between(" - \n"), marks_between(", "), marks_between("\u2019")
    ('', ',', "'")
    """
    return _APOSTROPHES.sub("'", _NO_MARKS.sub("", gap)) if gap != " " else ""


def rows_of(query: Query) -> tuple[WordRow, ...]:
    """Return all rows of words in a query, in order."""
    match query:
        case WordRow():
            return (query,)
        case Without(part):
            return rows_of(part)
        case Both(parts) | Either(parts):
            return tuple(row for part in parts for row in rows_of(part))


def in_field(query: Query, field: str) -> Query:
    """Return a query whose words are searched in one field.

    Of names (of sources, authors and sections), which have no Dutch forms, each word counts as it
    is written.
    """
    match query:
        case Without(part):
            return Without(in_field(part, field))
        case Both(parts):
            return Both(tuple(in_field(part, field) for part in parts))
        case Either(parts):
            return Either(tuple(in_field(part, field) for part in parts))
        case WordRow(words):
            if field not in (TITLE, TEXT):
                words = tuple(map(_as_written, words))
            return replace(query, words=words, field=field)


def _as_written(word: QueryWord) -> QueryWord:
    return replace(word, kind=WordKind.EXACT) if word.kind is WordKind.FORMS else word
