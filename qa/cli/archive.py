"""The commands that fill, show and repair an archive."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

from index_store.records import Article
from qa.answer.records import TEXT, TITLE, quoted_field
from qa.assistant import Assistant
from qa.cli.audit import tell_audit
from qa.cli.options import (
    FAILED,
    ArticleArgument,
    EncoderOption,
    JsonOption,
    MaxTokensOption,
    OverlapOption,
    StoreOption,
    echo,
    echo_json,
    tell_withheld,
    unknown_article,
    wrong_usage,
)
from qa.dates.serialization import article_to_dict
from qa.dates.wording import display_date
from qa.ingest.workers.choice import chosen_workers
from qa.text.control_characters import visible
from qa.text.phrases import display_title

_MOST_REFUSALS_SHOWN = 20


def articles(
    *,
    clusters: Annotated[
        bool,
        typer.Option(
            "--clusters",
            help="List only near copies of each other, such as those of a press agency.",
        ),
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles: id, date, language, source, title.

    With --clusters, the id of the oldest article of its group stands before each near copy.
    """
    with Assistant.open(store) as assistant:
        if clusters:
            for group in assistant.copies():
                for article in group:
                    _list_article(article, group[0].id, as_json=as_json)
        else:
            for article in assistant.articles():
                _list_article(article, None, as_json=as_json)
        tell_withheld(assistant)


def _list_article(article: Article, cluster: str | None, *, as_json: bool) -> None:
    if as_json:
        described = article_to_dict(article)
        del described["text"]
        echo_json({"cluster": cluster, **described} if cluster else described)
        return
    day = display_date(article, "nl")
    columns = [*filter(None, [cluster]), article.id, day, article.language or "?", article.source]
    echo("\t".join([*columns, display_title(article)]).replace("\n", " "))


def show(
    article: ArticleArgument,
    *,
    title: Annotated[
        bool, typer.Option("--title", help="Print the title instead, to check a quote of that.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the stored text of an article, to check a quote by its start and end (in characters).

    Exit code: 0 shown; 1 no such article.
    """
    with Assistant.open(store) as assistant:
        found = assistant.article(article)
        if found is None:
            typer.echo(unknown_article(article), err=True)
            raise typer.Exit(FAILED)
        shown = quoted_field(found, TITLE if title else TEXT)
        if as_json:
            echo_json(article_to_dict(found))
        elif sys.stdout.isatty():
            typer.echo(visible(shown))
        else:  # to the byte, so that offsets can be checked
            sys.stdout.buffer.write(shown.encode())
            sys.stdout.buffer.flush()


def remove(
    article: Annotated[list[str], typer.Argument(help="The ids of articles.", show_default=False)],
    *,
    store: StoreOption = None,
) -> None:
    """Remove articles and everything that was made from them.

    Exit code: 0 removed; 1 one of them was not there.
    """
    today = date.today()  # noqa: DTZ011
    with Assistant.open(store) as assistant:
        missing = [name for name in article if not _remove(assistant, name, today)]
    for name in missing:
        typer.echo(unknown_article(name), err=True)
    if missing:
        raise typer.Exit(FAILED)


def _remove(assistant: Assistant, name: str, today: date) -> bool:
    found = assistant.article(name)
    is_gone = assistant.remove(name, today=today)
    if is_gone:
        title = found.title if found else None
        tell_audit(assistant.archive.store.path, "removed", article=name, title=title)
    return is_gone


def check(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Examine every part of the store.

    Exit code: 0 all is well; 1 something is wrong.
    """
    with Assistant.open(store) as assistant:
        found = assistant.check()
        articles_stored, chunks_stored = assistant.count()
        is_older = assistant.archive.store.catalog.setback() is not None
    if as_json:
        echo_json({"articles": articles_stored, "chunks": chunks_stored, "problems": found})
    else:
        typer.echo(f"{articles_stored} articles, {chunks_stored} chunks")
        for problem in found:
            echo(problem)
        files = " FILES" if is_older else ""  # without them, what is gone would not come back
        trouble = f"something is wrong; mend it with: dateline repair{files}"
        typer.echo(trouble if found else "all is well")
    if found:
        raise typer.Exit(FAILED)


def reindex(
    *,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    max_tokens: MaxTokensOption = None,
    overlap: OverlapOption = None,
    workers: Annotated[
        str | None,
        typer.Option(
            metavar="N|ray://HOST:PORT",
            help="Cut and encode in N processes or on a cluster of Ray, to the same result.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Chunk and encode all articles again, with another encoder or other chunk sizes.

    Until it is done, questions are answered from the present state. You can stop it and run it
    again.
    """
    with wrong_usage():
        chosen_workers(workers)
    with Assistant.open(
        store, encoder=encoder, max_tokens=max_tokens, overlap_sentences=overlap
    ) as assistant:
        total, _ = assistant.count()
        with counter(total) as step:
            today = date.today()  # noqa: DTZ011
            encoded = assistant.reindex(today=today, on_articles=step, workers=workers)
    typer.echo(f"{total} articles chunked again, {encoded} chunks encoded")


@contextmanager
def counter(total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that counts articles, and tells of them; `None` is an unknown total."""
    from qa.evaluation.progress import counted

    with counted("storing", total=total, unit="articles") as bar:

        def step(more: int) -> None:
            bar.update(more)

        yield step
