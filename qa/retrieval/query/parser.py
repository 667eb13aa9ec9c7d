"""Reads the query language; `qa/retrieval/README.md` describes it.

Lark reads the grammar in time that grows with the length of the query, without recursion, and calls
a builder at each step.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from index_store.analysis.written_words import WrittenWord, written_words
from qa.question.checks import is_unicode
from qa.retrieval.query.errors import QueryError, UnreadableQueryError
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
    in_field,
    marks_between,
    rows_of,
)

if TYPE_CHECKING:
    from lark import Lark, UnexpectedInput

_LONGEST = 5000  # characters of a query
_DEEPEST = 50  # brackets within each other
_MOST_WORDS = 500
_FARTHEST = 200  # words between words that are near each other
_MOST_NEAR = 10
_MOST_NEAR_WORDS = 100  # in all distances of a query together
# Words with an asterisk in all distances of a query together.
_MOST_NEAR_BEGINNINGS = 30

_GRAMMAR = r"""
    ?either: both (OR both)*
    ?both: one (AND? one)*
    ?one: NOT one -> without
        | atom
    ?atom: "(" either ")"
        | FIELD atom -> within
        | WORD -> word
        | EQUALS WORD -> exact
        | EQUALS? QUOTED -> phrase
        | EQUALS? QUOTED NEAR -> near
    AND.4: /AND(?![^\s()"])/
    OR.4: /OR(?![^\s()"])/
    NOT.4: /NOT(?![^\s()"])/
    NEAR.3: /~[^\s()"]*/
    FIELD.3: /[^\W\d_]+:/
    EQUALS.2: "="
    QUOTED.2: /"[^"]*"/
    WORD: /[^\s()"]+/
    %ignore /\s+/
"""

_FIELDS = {
    "title": TITLE,
    "titel": TITLE,
    "kop": TITLE,
    "text": TEXT,
    "tekst": TEXT,
    "source": "source",
    "bron": "source",
    "author": "author",
    "auteur": "author",
    "section": "section",
    "rubriek": "section",
}
_QUOTES = dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_QUOTED = re.compile('"[^"]*"')
_BRACKET = re.compile("[()]")
_DASHES = "-\u2010\u2011\u2013\u2212"


def parse_query(query: object) -> Query:
    """Read a query.

    Raises:
        QueryError: the query cannot be read; the error says where.
        UnreadableQueryError: the query is no text, is empty or too long, or is no valid Unicode.

    >>> parse_query("=brug AND NOT title:water*")  # doctest: +NORMALIZE_WHITESPACE
    Both(parts=(WordRow(words=(QueryWord(key='brug', kind=<WordKind.EXACT: 'exact'>),), marks=(),
    distance=None, field=None),
    Without(part=WordRow(words=(QueryWord(key='water', kind=<WordKind.BEGINNING: 'beginning'>),),
    marks=(), distance=None, field='title'))))
    """
    text = _checked(query)
    straight = text.translate(_QUOTES)
    _check_brackets(text, straight)
    from lark import UnexpectedInput

    try:
        found: Query = _parser().parse(straight)  # type: ignore[assignment]
    except UnexpectedInput as error:
        raise _explained(text, error) from None
    except _RefusedError as error:
        raise QueryError(text, error.place, error.name, **error.values) from None
    _check_cost(straight, rows_of(found))
    return found


def _checked(query: object) -> str:
    if not isinstance(query, str):
        raise UnreadableQueryError("no_text", kind=type(query).__name__)
    if not is_unicode(query):
        raise UnreadableQueryError("no_unicode")
    if not query.strip():
        raise UnreadableQueryError("empty")
    if len(query) > _LONGEST:
        raise UnreadableQueryError("too_long", count=len(query), most=_LONGEST)
    return query


def _check_cost(straight: str, rows: tuple[WordRow, ...]) -> None:
    """Refuse a query of more words than others should wait for, also if they are all one word."""
    # What is written twice stands in the rows once, and "NAVO-top" there in two spellings.
    tokens = [each for each in _parser().lex(straight) if each.type in ("WORD", "QUOTED")]
    written = sum(len(written_words(each)) for each in tokens)
    count = max(written, sum(len(row.words) for row in rows))
    if count > _MOST_WORDS:
        raise UnreadableQueryError("too_many_words", count=count, most=_MOST_WORDS)
    # Each may stand in many places, and all that lie near each other are compared.
    near = [word for row in rows if row.distance is not None for word in row.words]
    if len(near) > _MOST_NEAR_WORDS:
        raise UnreadableQueryError("too_many_near", count=len(near), most=_MOST_NEAR_WORDS)
    count = sum(word.kind is WordKind.BEGINNING for word in near)
    if count > _MOST_NEAR_BEGINNINGS:
        raise UnreadableQueryError("too_many_stars", count=count, most=_MOST_NEAR_BEGINNINGS)


def _check_brackets(query: str, straight: str) -> None:
    """Refuse brackets and quotation marks without a partner, and brackets too deep."""
    outside = _QUOTED.sub(lambda found: " " * len(found[0]), straight)
    if (quote := outside.find('"')) >= 0:
        raise QueryError(query, quote, "quote_alone")
    opened: list[int] = []
    for bracket in _BRACKET.finditer(outside):
        if bracket[0] == "(":
            opened.append(bracket.start())
        elif opened:
            opened.pop()
        else:
            raise QueryError(query, bracket.start(), "closes_none")
        if len(opened) > _DEEPEST:
            raise QueryError(query, bracket.start(), "too_deep", most=_DEEPEST)
    if opened:
        raise QueryError(query, opened[-1], "never_closed")


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="basic", start="either", transformer=_Builder())


def _explained(query: str, error: UnexpectedInput) -> QueryError:
    token = getattr(error, "token", None)
    kind = getattr(token, "type", "")
    place = len(query.rstrip()) if kind == "$END" else error.pos_in_stream or 0
    return QueryError(query, place, _UNEXPECTED.get(kind, "missing"))


_UNEXPECTED = {
    "$END": "ends",
    "AND": "and_misplaced",
    "OR": "or_misplaced",
    "NEAR": "near_misplaced",
    "RPAR": "missing_before",
    "EQUALS": "equals_misplaced",
}


class _RefusedError(Exception):
    """A part of a query that the grammar allows cannot be searched for."""

    def __init__(self, place: int, name: str, **values: object) -> None:
        super().__init__(name)
        self.place = place
        self.name = name
        self.values = values


class _Builder:
    """Builds the tree: each method has the name of its rule, and is given what the rule read."""

    def either(self, parts: list[Any]) -> Query:
        return Either(_without_tokens(parts))

    def both(self, parts: list[Any]) -> Query:
        return Both(_without_tokens(parts))

    def without(self, parts: list[Any]) -> Query:
        _, part = parts
        if isinstance(part, Without) and isinstance(part.part, Without):
            return part.part  # three are one, so that a thousand are not a deep tree
        return Without(part)

    def within(self, parts: list[Any]) -> Query:
        name, part = parts
        field = _FIELDS.get(name[:-1].lower())
        if field is None:
            known = ", ".join(f"{each}:" for each in dict.fromkeys(_FIELDS.values()))
            raise _RefusedError(name.start_pos, "unknown_field", field=name[:-1], known=known)
        if any(row.field for row in rows_of(part)):
            raise _RefusedError(name.start_pos, "field_in_field")
        return in_field(part, field)

    def word(self, parts: list[Any]) -> Query:
        (token,) = parts
        if token[0] in _DASHES and token[1:2].isalpha():
            raise _RefusedError(token.start_pos, "minus", word=token[1:].strip())
        return _spellings(_row(token, token.start_pos, WordKind.FORMS))

    def exact(self, parts: list[Any]) -> Query:
        _, token = parts
        return _row(token, token.start_pos, WordKind.EXACT)

    def phrase(self, parts: list[Any]) -> Query:
        token = parts[-1]
        return _row(token[1:-1], token.start_pos + 1, WordKind.EXACT)

    def near(self, parts: list[Any]) -> Query:
        *_, token, near = parts
        row = self.phrase([token])
        if not near[1:].isdecimal() or len(near) > 5 or int(near[1:]) > _FARTHEST:
            raise _RefusedError(near.start_pos, "near_number", most=_FARTHEST)
        assert isinstance(row, WordRow)  # noqa: S101 - a phrase is one
        if not 2 <= len(row.words) <= _MOST_NEAR:
            raise _RefusedError(near.start_pos, "near_words", most=_MOST_NEAR)
        return WordRow(row.words, distance=int(near[1:]))


def _without_tokens(parts: list[Any]) -> tuple[Query, ...]:
    return tuple(dict.fromkeys(part for part in parts if not isinstance(part, str)))


def _row(written: str, place: int, kind: WordKind) -> WordRow:
    """Read words in a row, each with the marks behind it; an asterisk may end a word."""
    found = written_words(written)
    if not found:
        raise _RefusedError(place, "no_letter")
    ends = [each.end for each in found]
    begins = {end for end in ends if written[end : end + 1] == "*"}
    begins -= {each.start - 1 for each in found}  # "a*b"
    stars = (at for at, sign in enumerate(written) if sign == "*" and at not in begins)
    if (star := next(stars, None)) is not None:
        raise _RefusedError(place + star, "asterisk")
    words = tuple(
        QueryWord(each.key, WordKind.BEGINNING if each.end in begins else kind) for each in found
    )
    return WordRow(words, tuple(_marks(written, found)))


def _marks(written: str, found: list[WrittenWord]) -> list[str]:
    return [
        marks_between(written[before.end : after.start].removeprefix("*"))
        for before, after in pairwise(found)
    ]


def _spellings(row: WordRow) -> Query:
    """Return what else a word may be written as: "auto's" as a form of "auto", "NAVO-top" in one.

    Asking for words does the same; see `index_store/analysis/terms.py`.
    """
    if len(row.words) == 1:
        return row
    if row.marks[-1] == "'" and row.words[-1] == QueryWord("s", WordKind.FORMS):
        return _spellings(WordRow(row.words[:-1], row.marks[:-1]))
    if any(row.marks) or any(word.kind is not WordKind.FORMS for word in row.words):
        return row
    joined = QueryWord("".join(word.key for word in row.words), WordKind.FORMS)
    return Either((row, WordRow((joined,))))
