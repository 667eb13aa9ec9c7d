"""Checks every quote of an export against the articles as they are stored now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from index_store.records import Article
from qa.exports.formats import format_of
from qa.exports.records import ExportedQuote, ExportError, Failure, FailureReason

Lookup = Callable[[str], Article | None]


def verify(path: Path, lookup: Lookup) -> list[Failure]:
    """Return the quotes of an export that do not stand, in its order.

    `lookup` gives the article of an id, as `Assistant.article` does.

    Raises:
        ExportError: the file cannot be read as an export.
    """
    return check_quotes(read_quotes(path), lookup)


def read_quotes(path: Path) -> list[ExportedQuote]:
    """Return the quotes of an export, which is in the format of its suffix.

    Raises:
        ExportError: the file cannot be read as one.
    """
    known = format_of(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ExportError(f"{path} is not UTF-8; save it as UTF-8 and try again") from error
    try:
        return known.read(text)
    except ExportError as error:
        raise ExportError(f"{path}: {error}") from error


def check_quotes(quotes: Iterable[ExportedQuote], lookup: Lookup) -> list[Failure]:
    """Return the quotes that do not stand, each with the reason."""
    return [failure for quote in quotes if (failure := _check(quote, lookup(quote.article_id)))]


def _check(quote: ExportedQuote, article: Article | None) -> Failure | None:
    if article is None:
        return Failure(quote, FailureReason.NO_ARTICLE)
    text, start, end = article.text, quote.start, quote.end
    if 0 <= start < end <= len(text) and text[start:end] == quote.quote:
        inside = _answer_inside(quote)
        return None if inside else Failure(quote, FailureReason.ANSWER_OUTSIDE)
    place = text.find(quote.quote) if quote.quote else -1
    within = 0 <= start < end <= len(text)
    reason = FailureReason.DIFFERS if within else FailureReason.OUTSIDE
    return Failure(quote, reason, place if place >= 0 else None)


def _answer_inside(quote: ExportedQuote) -> bool:
    first, last = quote.answer_start, quote.answer_end
    if first is None and last is None:
        return True
    return first is not None and last is not None and quote.start <= first < last <= quote.end
