"""One match of a query: a verbatim quote with the words around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from index_store.analysis.folding import fold
from index_store.analysis.written_words import written_words
from index_store.one_line import one_line
from index_store.records import Article, PublicationDate
from qa.dates.serialization import published_to_dict
from qa.errors import SettingsError
from qa.retrieval.frame import PUBLISHED, STRING, WHOLE, published_cells
from qa.retrieval.query import Place
from qa.retrieval.query.records import TEXT

CONTEXT = 60
"""How many characters beside a match are shown, unless told, and decide its place in an order."""

MOST_CONTEXT = 1000  # characters


@dataclass(frozen=True, slots=True)
class Match:
    """A verbatim quote: `getattr(article, field)[start:end] == match`.

    `field` is "text" or "title". `left` and `right` are the characters before and behind it, as
    they stand there. An inferred date comes without its evidence. `archive` is the name of the
    archive that holds the article, if it has one.
    """

    article_id: str
    title: str | None
    source: str
    published: PublicationDate
    field: str
    start: int
    end: int
    match: str
    left: str
    right: str
    archive: str | None = None

    def __repr__(self) -> str:
        """Return the match in one line."""
        return one_line(self, "article_id", "field", "start", "end", "match")

    def to_dict(self) -> dict[str, Any]:
        """Return the match as JSON values."""
        told = {
            "article_id": self.article_id,
            "title": self.title,
            "source": self.source,
            "published": published_to_dict(self.published),
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "match": self.match,
            "left": self.left,
            "right": self.right,
        }
        return told | ({"archive": self.archive} if self.archive else {})


MATCH = {
    "article_id": STRING,
    "title": STRING,
    "source": STRING,
    **PUBLISHED,
    "field": STRING,
    "start": WHOLE,
    "end": WHOLE,
    "match": STRING,
    "left": STRING,
    "right": STRING,
    "archive": STRING,
}
"""The columns of matches in a frame, with their kinds."""


def match_row(match: Match) -> dict[str, Any]:
    """Return a match as a row of a frame."""
    told = {**match.to_dict(), "archive": match.archive}
    return {**told, **published_cells(match.published)}


def match_at(article: Article, place: Place, context: int, archive: str | None = None) -> Match:
    """Return the match at a place, with so many characters on each side of it.

    `archive` is the name of the archive that holds the article, if it has one.
    """
    text = (article.text if place.field == TEXT else article.title) or ""
    return Match(
        article_id=article.id,
        title=article.title,
        source=article.source,
        published=replace(article.published, evidence=()),
        field=place.field,
        start=place.start,
        end=place.end,
        match=text[place.start : place.end],
        left=text[max(0, place.start - context) : place.start],
        right=text[place.end : place.end + context],
        archive=archive,
    )


def with_context(match: Match, context: int) -> Match:
    """Return a match with at most so many of the characters that it has on each side."""
    left = match.left[max(0, len(match.left) - context) :]
    return replace(match, left=left, right=match.right[:context])


def checked_context(context: object) -> int:
    """Return how many characters are shown beside a match.

    Raises:
        SettingsError: it is no such number.
    """
    if not isinstance(context, int) or not 0 <= context <= MOST_CONTEXT:
        raise SettingsError(
            f"context is {context!r}; give a whole number of characters, 0 to {MOST_CONTEXT}"
        )
    return context


def left_words(match: Match) -> str:
    """Return what orders matches by the words before them, the nearest word first."""
    return " ".join([*reversed(_keys(match.left)), "", *_keys(match.match)])


def right_words(match: Match) -> str:
    """Return what orders matches by the words behind them."""
    return " ".join([*_keys(match.right), "", *_keys(match.match)])


def _keys(text: str) -> list[str]:
    return [fold(word.key) for word in written_words(text)]
