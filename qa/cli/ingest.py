"""The command that reads articles into an archive."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from qa.assistant import Assistant
from qa.cli.audit import ingest_teller
from qa.cli.ingest_report import show_preview, show_report, write_report
from qa.cli.options import (
    FAILED,
    EncoderOption,
    JsonOption,
    MaxTokensOption,
    OverlapOption,
    StoreOption,
    echo_json,
    wrong_usage,
)
from qa.ingest.article_fields import parse_mapping
from qa.ingest.ingester import Progress
from qa.ingest.preview import preview_articles
from qa.ingest.reading_choices import reading_choices
from qa.ingest.sources import ArticleSource, absolute, article_source
from qa.ingest.workers.choice import chosen_workers
from qa.settings import default_store_path


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
            help="Put this before the ids, to keep two exports or folders apart.",
            show_default=False,
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Let articles take the place of others with their ids."),
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(help="The source of articles that state none.", show_default=False),
    ] = None,
    date_order: Annotated[
        str | None,
        typer.Option(
            help="Order of dates of numbers: dmy, mdy or ymd. Default: as each column shows.",
            show_default=False,
        ),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            help="Zone in which moments are days (Europe/Amsterdam). Default: by the language.",
            show_default=False,
        ),
    ] = None,
    date_from_name: Annotated[
        bool,
        typer.Option(
            "--date-from-name", help="Take dates from file names where nothing else states one."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be taken, and store nothing.")
    ] = False,
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
    workers: Annotated[
        str | None,
        typer.Option(
            metavar="N|ray://HOST:PORT",
            help="Read, cut and encode in N processes or on a cluster of Ray, to the same result.",
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
        reading_choices(source=source, date_order=date_order, timezone=timezone)
        chosen_workers(workers)
    how: dict[str, Any] = {
        "stream": sys.stdin.buffer if len(files) < len(paths) else None,
        "stream_format": stream_format,
        "mapping": fields,
        "prefix": prefix,
        "encoding": encoding,
        "source": source,
        "date_order": date_order,
        "timezone": timezone,
        "date_from_name": date_from_name,
        "today": date.today(),  # noqa: DTZ011
    }
    if dry_run:
        archive = article_source(files, leave_out=absolute(store or default_store_path()), **how)
        _preview(archive, as_json=as_json)
    with (
        Assistant.open(
            store, create=True, encoder=encoder, max_tokens=max_tokens, overlap_sentences=overlap
        ) as assistant,
        progress_bar() as show,
    ):
        done = assistant.ingest(
            files,
            sync=sync,
            workers=workers,
            replace=True if replace else None,
            on_progress=show,
            on_end=ingest_teller(assistant.archive.store.path, [str(path) for path in paths]),
            **how,
        )
    if report:
        write_report(report, done)
    if as_json:
        echo_json(done.to_dict())
    else:
        show_report(done)
    if done.refused:
        raise typer.Exit(FAILED)


def _preview(archive: ArticleSource, *, as_json: bool) -> NoReturn:
    preview = preview_articles(archive)
    if as_json:
        echo_json(preview.to_dict())
    else:
        show_preview(preview)
    raise typer.Exit(FAILED if preview.refused else 0)


@contextmanager
def progress_bar(*, repeats: bool = True) -> Iterator[Callable[[Progress], None]]:
    """Yield a function that shows how far reading articles is; see `counted` for `repeats`."""
    from qa.evaluation.progress import counted

    with counted("ingesting", unit="B", repeats=repeats) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.bytes_total
            bar.set_postfix_str(
                f"{progress.articles} articles, {progress.encoded_chunks} chunks encoded",
                refresh=False,
            )
            bar.update(progress.bytes_done - bar.n)

        yield show
