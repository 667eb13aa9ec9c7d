"""A kept quote with what is known of its article: now, or as it was when it was kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from index_store.errors import StoreCorruptError
from index_store.records import Article
from qa.answer.records import Answer
from qa.dates.serialization import published_to_dict
from qa.exports.kept_articles import article_from_json, article_to_json, without_text
from qa.exports.kept_quotes import KeptQuote, kept_answer
from qa.exports.records import ExportedQuote
from qa.exports.remarks import UNSERVED, since_kept
from qa.history.basket import BasketQuote

ArticleLookup = Callable[[str], Article | None]
Articles = Mapping[str, ArticleLookup]
"""What finds articles by their ids: in the archive of the basket (""), in others by their names."""


@dataclass(frozen=True, slots=True)
class NotedQuote:
    """A kept quote: `getattr(article, field)[start:end]` was the quote when it was kept.

    `number` counts from 1, in the order that was chosen. `since` is "changed" if other words stand
    there now, "gone" if the archive no longer has the article, and "unserved" if its archive is not
    there to be asked; `article` is then the one of that time, without its text. `was_kept` tells of
    a quote that is being kept that it was already. `archive` is named if it is another one than
    that of the basket.
    """

    number: int
    quote: str
    note: str
    article: Article
    field: str
    start: int
    end: int
    added: str
    since: str | None = None
    was_kept: bool = False
    archive: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the quote as JSON values."""
        named = {"archive": self.archive} if self.archive else {}
        return {
            **named,
            "number": self.number,
            "article_id": self.article.id,
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "text": self.quote,
            "title": self.article.title,
            "source": self.article.source,
            "published": published_to_dict(self.article.published),
            "note": self.note,
            "added": self.added,
            "since": self.since,
        }


def new_quote(place: ExportedQuote, article: Article, note: str) -> BasketQuote:
    """Return a quote to keep, which stands at a place of an article now."""
    return BasketQuote(
        id=secrets.token_hex(16),
        article_id=article.id,
        field=place.field,
        start=place.start,
        end=place.end,
        text=place.quote,
        about=article_to_json(without_text(article)),
        note=note,
        added=datetime.now(UTC).isoformat(),
        archive=place.archive or "",
    )


def noted(kept: BasketQuote, articles: Articles, number: int) -> NotedQuote:
    """Return a quote with its article as it is now, or was if it has changed or is gone."""
    article, is_served = find_in(articles, kept.article_id, kept.archive), kept.archive in articles
    since = since_kept(place_of(kept), article) if is_served else UNSERVED
    known = article if article and not since else as_kept(kept)
    place = kept.field, kept.start, kept.end
    told = kept.text, kept.note, known, *place, kept.added, since
    return NotedQuote(number, *told, archive=kept.archive or None)


def place_of(kept: BasketQuote) -> ExportedQuote:
    """Return the place of a kept quote in its article, with its words."""
    place = kept.text, kept.article_id, kept.start, kept.end
    return ExportedQuote(*place, field=kept.field, archive=kept.archive or None)


def as_kept(kept: BasketQuote) -> Article:
    """Return the article of a quote as it was when the quote was kept, without its text."""
    return article_from_json(kept.about, kept.article_id)


def basket_answer(kept: Sequence[BasketQuote], articles: Articles, language: str) -> Answer:
    """Return kept quotes in the form of an answer, which every format of export can hold."""
    quotes = [
        KeptQuote(place_of(each), each.note, as_kept(each), is_served=each.archive in articles)
        for each in kept
    ]
    return kept_answer(quotes, partial(find_in, articles), language)


def find_in(articles: Articles, article_id: str, archive: str | None = None) -> Article | None:
    """Return an article, by default of the archive of the basket; `None` if there is none."""
    find = articles.get(archive or "")
    return find(article_id) if find else None


def each_once(articles: Articles) -> Articles:
    """Return what finds each article once; none that is damaged."""

    @cache
    def found(archive: str, article_id: str) -> Article | None:
        with suppress(StoreCorruptError):
            return articles[archive](article_id)
        return None

    return {archive: partial(found, archive) for archive in articles}
