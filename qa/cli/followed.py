"""What `dateline alerts` prints of questions that are followed."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from index_store.analysis.language import detect_language
from qa.alerts import NewQuotes
from qa.cli.options import echo, echo_json
from qa.dates.wording import display_date
from qa.exports.atom import FeedEntry
from qa.retrieval.match import CONTEXT, Match
from qa.text.control_characters import visible
from qa.text.phrases import phrase


def tell_quotes_json(found: NewQuotes) -> None:
    """Print a line for each new quote: a match, with the name of the question as "alert"."""
    for quote in found.new:
        told = {"alert": found.search.name, "question": found.search.query}
        echo_json({**told, **quote.match(CONTEXT).to_dict()})


def tell_quotes(found: NewQuotes) -> None:
    """Print the new quotes of a question, each with its article and its date."""
    name, language = visible(found.search.name), detect_language(found.search.query)
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
    echo("")


def entries_of(found: NewQuotes, limit: int) -> Iterator[FeedEntry]:
    """Yield an entry for each article that answered a question, those that came last first."""
    by_article: dict[str, list[Match]] = {}
    articles = {each.article.id: each.article for each in found.quotes}
    for each in found.quotes:
        by_article.setdefault(each.article.id, []).append(each.match(0))
    for article_id in list(reversed(by_article))[:limit]:
        yield FeedEntry(articles[article_id], tuple(by_article[article_id]))
