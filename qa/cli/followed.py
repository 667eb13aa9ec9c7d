"""What `dateline alerts` prints of questions that are followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from qa.alerts import Followed, FoundQuote, NewQuotes
from qa.alerts.changes import Said
from qa.cli.label_language import label_language
from qa.cli.options import echo, echo_json
from qa.dates.wording import display_date
from qa.exports.atom import FeedEntry
from qa.history.searches import SavedSearch
from qa.retrieval.match import CONTEXT
from qa.text.control_characters import visible
from qa.text.phrases import phrase

if TYPE_CHECKING:
    from qa.web.client.remote_alerts import RemoteAlerts


def tell_quotes_json(found: NewQuotes) -> None:
    """Print a line for each new quote: a match, with the name of the question as "alert".

    Of one with which the answer changed, "changed" holds both answers and the quote before.
    """
    for quote in found.new:
        told = {"alert": found.search.name, "question": found.search.query}
        echo_json({**told, **quote.match(CONTEXT).to_dict(), **quote.change_to_dict(CONTEXT)})


def tell_quotes(found: NewQuotes) -> None:
    """Print the new quotes of a question, each with its article and its date."""
    name, language = visible(found.search.name), label_language(found.search.query)
    if not found.new:
        typer.echo(f"nothing new: {name}", err=True)
        return
    echo(f"{name}: {phrase('followed', language, count=len(found.new))}")
    for number, quote in enumerate(found.new, start=1):
        article, place = quote.article, quote.place
        date = display_date(article, language)
        field = "" if place.field == "text" else f"{place.field} "
        echo(
            f"[{number}] {article.source} · {date} · "
            f"{article.id}, {field}{place.start}–{place.end}\n"
            f"    “{quote.match(0).match}”"
        )
        if quote.before:
            echo(f"    {_change(quote.before, quote.words, language)}")
            echo(f"    “{quote.before.match(0).match}”")
    echo("")


def waiting(
    followed: Followed | RemoteAlerts, searches: Iterable[SavedSearch], most: int
) -> frozenset[str]:
    """Return the names of the questions that are not asked now, if at most so many are.

    Those that were asked longest ago come first, so that each has its turn.
    """
    questions = (each for each in searches if each.is_question)
    pending = sorted(filter(followed.is_pending, questions), key=lambda each: each.asked or 0)
    return frozenset(each.name for each in pending[most:])


def tell_waiting(names: frozenset[str], most: int) -> None:
    """Say how many questions were not asked, and how they are."""
    if names:
        told = f"not asked over what came in: {len(names)} more (at most {most} questions a time)"
        typer.echo(f"{told}; call dateline alerts again, or give --questions", err=True)


def entries_of(found: NewQuotes, limit: int) -> Iterator[FeedEntry]:
    """Yield an entry for each article that answered a question, those that came last first.

    Behind the quotes of one with which the answer changed stands how it did.
    """
    language = label_language(found.search.query)
    by_article: dict[str, list[FoundQuote]] = {}
    for each in found.quotes:
        by_article.setdefault(each.article.id, []).append(each)
    for quotes in list(reversed(by_article.values()))[:limit]:
        matches = tuple(each.match(0) for each in quotes)
        notes = tuple(
            f"{_change(each.before, each.words, language)} “{each.before.match(0).match}”"
            for each in quotes
            if each.before
        )
        yield FeedEntry(quotes[0].article, matches, notes)


def _change(before: Said, now: str, language: str) -> str:
    """Return in a line how an answer changed, and where the one before stands."""
    article = before.article
    told = phrase("followed_changed", language, before=before.words, now=now)
    return f"{told} {article.source} · {display_date(article, language)} · {article.id}"
