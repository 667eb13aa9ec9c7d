"""`dateline alerts`: saved searches and followed questions, and what is new for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from qa.alerts import Alerts, Followed, NewQuotes, News
from qa.assistant import Assistant
from qa.cli.concordance import concordance
from qa.cli.counts import columns
from qa.cli.exit_codes import flush_output
from qa.cli.followed import entries_of, tell_quotes, tell_quotes_json, tell_waiting, waiting
from qa.cli.label_language import label_language
from qa.cli.options import (
    FAILED,
    AsOfOption,
    AuthorOption,
    InferredOption,
    JsonOption,
    LanguageOption,
    ReaderOption,
    SectionOption,
    SinceOption,
    SourceOption,
    StoreOption,
    UndatedOption,
    UntilOption,
    echo,
    echo_json,
    selection_of,
    tell_withheld,
    wrong_usage,
)
from qa.cli.remote import UrlOption, open_remote
from qa.exports.atom import FeedEntry, atom_feed
from qa.history.history import FILE_NAME, History
from qa.history.searches import SavedSearch
from qa.retrieval.match import CONTEXT, MOST_CONTEXT, match_at
from qa.retrieval.match_sorting import MatchOrder
from qa.text.control_characters import visible
from qa.text.phrases import phrase

if TYPE_CHECKING:
    from qa.web.client.remote_alerts import RemoteAlerts, RemoteNews

MOST_ASKED = 20  # questions in one call, each of which may be asked over many articles
AROUND = 200  # characters on each side of the match that a feed shows

alerts = typer.Typer(name="alerts", help="Saved searches and questions, and what is new for them.")


@alerts.callback(invoke_without_command=True)
def tell_news(
    context: typer.Context,
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Only look: tell the same again the next time.")
    ] = False,
    questions: Annotated[
        int, typer.Option(min=0, help="Ask at most so many questions; the others, the next time.")
    ] = MOST_ASKED,
    store: StoreOption = None,
    url: UrlOption = None,
    reader: ReaderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what each saved search finds in the articles that came since the last time.

    A question is asked over these articles alone; quotes that answer it are told, and whether the
    answer changed. An article counts once, when it comes in; a later change of it is no news. JSON
    has a line for each match or quote, with the name of the search as "alert".

    Exit code: 0 done, even if nothing is new; 1 something failed; 2 wrong usage.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    around = CONTEXT if as_json else min(columns(), MOST_CONTEXT)
    with _opened(context, store, url, reader) as (known, followed):
        searches = known.all()
        if not searches:
            typer.echo(
                "no search is saved; save one with: dateline alerts add NAME QUERY", err=True
            )
        later = waiting(followed, searches, questions)
        for search in searches:
            if search.is_question:
                found = _looked(followed, search, is_asked=search.name not in later)
                (tell_quotes_json if as_json else tell_quotes)(found)
                upto = found.upto
            else:
                news = known.news_of(search, context=around)
                (_tell_json if as_json else _tell)(news)
                upto = news.upto
            flush_output()  # what could not be printed stays new
            if not keep:
                known.see(search.name, upto)
        tell_waiting(later, questions)


def _looked(
    followed: Followed | RemoteAlerts, search: SavedSearch, *, is_asked: bool = True
) -> NewQuotes:
    if not is_asked:
        return followed.kept(search)
    return followed.look(search, today=date.today())  # noqa: DTZ011


def _refuse_options(context: typer.Context) -> None:
    """Refuse options before the name of a command, where they would have no effect."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            behind = f"dateline alerts {context.invoked_subcommand}"
            raise typer.BadParameter(f"give the options behind the command: {behind}")


@alerts.command()
def add(
    command: typer.Context,
    name: Annotated[str, typer.Argument(help="What the search is called.")],
    query: Annotated[str, typer.Argument(help="A query, as for: dateline find, or a question.")],
    *,
    question: Annotated[
        bool, typer.Option("--question", help="Follow a question, as for: dateline ask.")
    ] = False,
    store: StoreOption = None,
    url: UrlOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = False,
    inferred: InferredOption = True,
    source: SourceOption = None,
    author: AuthorOption = None,
    section: SectionOption = None,
    language: LanguageOption = None,
) -> None:
    """Save a search. What the archive holds now is not new for it.

    Exit code: 2 the query cannot be read, no quote answers the question, or the name is taken.
    """
    selection = selection_of(locals())  # each option has the name of its parameter
    with _opened(command, store, url) as (known, _), wrong_usage():
        made = known.save(name, query, selection, is_question=question)
    typer.echo(f"saved: {visible(made.name)}")


@alerts.command(name="list")
def list_searches(
    command: typer.Context,
    *,
    store: StoreOption = None,
    url: UrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the saved searches, with their queries; behind a question stands "question"."""
    with _opened(command, store, url) as (known, _):
        for each in known.all():
            if as_json:
                told = {"name": each.name, "query": each.query, "added": each.added}
                echo_json({**told, "kind": "question" if each.is_question else "query"})
            else:
                kind = "\tquestion" if each.is_question else ""
                echo(visible(f"{each.name}\t{each.query}{kind}"))


@alerts.command()
def atom(
    command: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of a saved search.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of articles.")] = 50,
    store: StoreOption = None,
    url: UrlOption = None,
    reader: ReaderOption = None,
) -> None:
    """Print the newest articles that a search finds as an Atom feed, for feed readers.

    Of a question, it holds the articles that came in since it is followed and answer it, with
    their quotes. It changes nothing of what `dateline alerts` tells.

    Exit code: 1 there is no search of that name.
    """
    with _opened(command, store, url, reader) as (known, followed):
        search = next((each for each in known.all() if each.name == name), None)
        if search is None:
            _tell_unknown(name)
        if search.is_question:
            entries = entries_of(_looked(followed, search), limit)
        else:
            entries = (
                FeedEntry(each.article, (match_at(each.article, each.places[0], AROUND),))
                for each in known.newest(search, limit=limit)
            )
        feed = atom_feed(
            name,
            entries,
            archive=known.store,
            saved=datetime.fromisoformat(search.added),
            now=datetime.now(UTC),
        )
        typer.echo(feed, nl=False)


@alerts.command()
def remove(
    command: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of a saved search.")],
    *,
    store: StoreOption = None,
    url: UrlOption = None,
) -> None:
    """Remove a saved search.

    Exit code: 1 there is none of that name.
    """
    with _opened(command, store, url) as (known, _):
        was_there = known.remove(name)
    if not was_there:
        _tell_unknown(name)


def _tell_unknown(name: str) -> NoReturn:
    told = f"no search is named {visible(name)!r}; see: dateline alerts list"
    typer.echo(f"dateline: {told}", err=True)
    raise typer.Exit(FAILED)


@contextmanager
def _opened(
    command: typer.Context, store: Path | None, url: str | None, reader: Path | None = None
) -> Iterator[tuple[Alerts | RemoteAlerts, Followed | RemoteAlerts]]:
    if url is not None:
        from qa.web.client.remote_alerts import RemoteAlerts

        with open_remote(command, url) as remote:
            there = RemoteAlerts(remote)
            yield there, there
        return
    with (
        Assistant.open(store, reader=reader) as assistant,
        History.on_disk(Path(assistant.archive.store.path) / FILE_NAME) as history,
    ):
        yield Alerts(assistant, history), Followed(assistant, history)
        tell_withheld(assistant)


def _tell_json(news: News | RemoteNews) -> None:
    for match in news.matches:
        echo_json({"alert": news.search.name, **match.to_dict()})


def _tell(news: News | RemoteNews) -> None:
    spoken, counts = label_language(news.search.query), news.matches.counts
    if not counts.articles:
        typer.echo(f"nothing new: {visible(news.search.name)}", err=True)
        return
    echo(f"{visible(news.search.name)}: {phrase('found', spoken, **counts.to_dict())}")
    lines = concordance(news.matches, order=MatchOrder.DATE, width=columns(), language=spoken)
    for line in lines:
        echo(line)
    echo("")
