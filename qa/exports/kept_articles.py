"""The article of a kept quote as JSON: as it was when the quote was kept, without its text."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from index_store.records import UNKNOWN_DATE, Article

_OPENING = 9  # words: `display_title` takes eight
_ARTICLES = TypeAdapter(Article)


def without_text(article: Article) -> Article:
    """Return an article with no text but the opening words that stand for a missing title."""
    words = () if article.title else article.text.split(maxsplit=_OPENING)[:_OPENING]
    return replace(article, text=" ".join(words))


def article_to_json(article: Article) -> str:
    """Return an article as JSON."""
    return _ARTICLES.dump_json(article).decode()


def article_from_json(written: str, article_id: str) -> Article:
    """Return the article of `article_to_json`; one without facts if its form is not known."""
    try:
        return _ARTICLES.validate_json(written)
    except ValidationError:
        return Article(article_id, None, "", UNKNOWN_DATE, "")
