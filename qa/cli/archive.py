"""The commands that fill, show and repair an archive."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from qa.answer.records import TEXT, TITLE, article_to_dict, quoted_field
from qa.assistant import Assistant
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
from qa.dates.wording import display_date
from qa.errors import IngestError, SettingsError
from qa.ingest.article_fields import parse_mapping
from qa.ingest.ingester import IngestReport, Progress
from qa.text.control_characters import visible
from qa.text.phrases import display_title

_MOST_REFUSALS_SHOWN = 20


def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files and folders (.txt .md .jsonl .csv .html …); - for standard input.",
            show_default=False,
        ),
    ],
    *,
    store: StoreOption = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            "--map",
            help="Names of fields in JSONL and CSV: title=kop,text=body,date=datum,url=link.",
            show_default=False,
        ),
    ] = None,
    stream_format: Annotated[
        str, typer.Option("--format", help="Format of standard input.")
    ] = "jsonl",
    encoding: Annotated[
        str | None,
        typer.Option(
            help="Encoding of text that is not UTF-8. Default: detected.", show_default=False
        ),
    ] = None,
    prefix: Annotated[
        str | None,
        typer.Option(
            help="Put this before ids made of paths, to keep two folders apart.", show_default=False
        ),
    ] = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Remove articles whose file or record is gone.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Write the counts and every refusal to this file as JSON lines.",
            show_default=False,
        ),
    ] = None,
    encoder: EncoderOption = None,
    max_tokens: MaxTokensOption = None,
    overlap: OverlapOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read articles into the archive; unchanged articles cost nothing.

    You can stop it (Ctrl-C) and run it again: it continues where it stopped.

    Exit code: 0 all is stored; 1 something was refused or failed; 2 wrong usage; 130 stopped.
    """
    files = [path for path in paths if str(path) != "-"]
    with wrong_usage():
        fields = parse_mapping(mapping) if mapping else {}
    with (
        Assistant.open(
            store, create=True, encoder=encoder, max_tokens=max_tokens, overlap_sentences=overlap
        ) as assistant,
        progress_bar("B") as show,
    ):
        done = assistant.ingest(
            files,
            stream=sys.stdin.buffer if len(files) < len(paths) else None,
            stream_format=stream_format,
            mapping=fields,
            prefix=prefix,
            encoding=encoding,
            sync=sync,
            today=date.today(),  # noqa: DTZ011
            on_progress=show,
        )
    if report:
        _write_report(report, done)
    if as_json:
        echo_json(done.to_dict())
    else:
        show_report(done)
    if done.refused:
        raise typer.Exit(FAILED)


def articles(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the articles: id, date, language, source, title."""
    with Assistant.open(store) as assistant:
        for article in assistant.articles():
            if as_json:
                described = article_to_dict(article)
                del described["text"]
                echo_json(described)
            else:
                day = display_date(article, "nl")
                columns = (article.id, day, article.language or "?", article.source)
                echo("\t".join([*columns, display_title(article)]).replace("\n", " "))
        tell_withheld(assistant)


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
        missing = [name for name in article if not assistant.remove(name, today=today)]
    for name in missing:
        typer.echo(unknown_article(name), err=True)
    if missing:
        raise typer.Exit(FAILED)


def check(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Examine every part of the store.

    Exit code: 0 all is well; 1 something is wrong.
    """
    with Assistant.open(store) as assistant:
        found = assistant.check()
        articles_stored, chunks_stored = assistant.count()
    if as_json:
        echo_json({"articles": articles_stored, "chunks": chunks_stored, "problems": found})
    else:
        typer.echo(f"{articles_stored} articles, {chunks_stored} chunks")
        for problem in found:
            echo(problem)
        typer.echo(
            "something is wrong; derived data are rebuilt at the next question; what is "
            "not needs the articles to be ingested again"
            if found
            else "all is well"
        )
    if found:
        raise typer.Exit(FAILED)


def reindex(
    *,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    max_tokens: MaxTokensOption = None,
    overlap: OverlapOption = None,
) -> None:
    """Chunk and encode all articles again, with another encoder or other chunk sizes.

    Until it is done, questions are answered from the present state. You can stop it and run it
    again.
    """
    with Assistant.open(
        store, encoder=encoder, max_tokens=max_tokens, overlap_sentences=overlap
    ) as assistant:
        total, _ = assistant.count()
        with counter(total) as step:
            today = date.today()  # noqa: DTZ011
            encoded = assistant.reindex(today=today, on_articles=step)
    typer.echo(f"{total} articles chunked again, {encoded} chunks encoded")


@contextmanager
def progress_bar(unit: str) -> Iterator[Callable[[Progress], None]]:
    """Yield a function that shows progress with rate and time left, on a terminal only."""
    from tqdm import tqdm

    with tqdm(unit=unit, unit_scale=True, disable=None, leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.bytes_total
            bar.set_postfix_str(
                f"{progress.articles} articles, {progress.encoded_chunks} chunks encoded",
                refresh=False,
            )
            bar.update(progress.bytes_done - bar.n)

        yield show


@contextmanager
def counter(total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that counts articles, on a terminal only; `None` is an unknown total."""
    from tqdm import tqdm

    with tqdm(total=total, unit=" articles", disable=None, leave=False) as bar:

        def step(more: int) -> None:
            bar.update(more)

        yield step


def show_report(done: IngestReport) -> None:
    """Print the results of an ingest."""
    echo(
        f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged, "
        f"{done.removed} removed, {len(done.refused)} refused "
        f"({done.encoded_chunks} chunks encoded, {done.seconds:.1f} s)"
    )
    if done.duplicates:
        echo(f"{done.duplicates} are exact copies of another article")
    if done.undated:
        echo(f"{done.undated} state no publication date")
    if done.skipped_files:
        echo(f"{done.skipped_files} files of other kinds were skipped")
    for note in done.notes[:_MOST_REFUSALS_SHOWN]:
        echo(f"note: {visible(note)}")
    for refusal in done.refused[:_MOST_REFUSALS_SHOWN]:
        error = IngestError(refusal.path, refusal.reason, line=refusal.line)
        typer.echo(f"refused: {visible(str(error))}", err=True)
    hidden = len(done.refused) - _MOST_REFUSALS_SHOWN
    if hidden > 0:
        typer.echo(f"and {hidden} more; write them to a file with --report FILE", err=True)


def _write_report(path: Path, done: IngestReport) -> None:
    summary = done.to_dict()
    refused = summary.pop("refused")
    lines = [json.dumps(line, ensure_ascii=False) for line in (summary, *refused)]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"cannot write the report to {path} ({error.strerror})") from error
