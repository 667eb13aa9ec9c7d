"""`dateline watch`: reads articles into an archive as soon as they stand in a folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from qa.assistant import Assistant
from qa.cli.audit import ingest_teller
from qa.cli.exit_codes import flush_output
from qa.cli.ingest_report import show_report
from qa.cli.options import EncoderOption, JsonOption, StoreOption, echo_json, wrong_usage
from qa.cli.service import stopping_softly, tell_now, when_free
from qa.ingest.article_fields import parse_mapping
from qa.ingest.folder_watch import FolderWatch
from qa.ingest.reading_choices import reading_choices
from qa.ingest.report import IngestReport
from qa.ingest.sources import absolute


def watch(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders with articles.", show_default=False)
    ],
    *,
    store: StoreOption = None,
    mapping: Annotated[
        str | None,
        typer.Option("--map", help="Names of fields, as in ingest.", show_default=False),
    ] = None,
    prefix: Annotated[
        str | None, typer.Option(help="Put this before the ids.", show_default=False)
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="The source of articles that state none.", show_default=False),
    ] = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Remove articles whose file or record is gone.")
    ] = False,
    pause: Annotated[
        float,
        typer.Option(
            min=0.05, max=30, help="Read a file that nobody wrote to for so many seconds."
        ),
    ] = 1.0,
    every: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            help="Look through everything again every so many minutes (for network drives).",
            show_default=False,
        ),
    ] = None,
    poll: Annotated[
        bool, typer.Option("--poll", help="Compare the files, where the system tells no changes.")
    ] = False,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read articles into the archive as soon as they stand in a folder, until you stop it.

    At the start it reads what is new since the last time. Ctrl-C and SIGTERM let it finish the
    batch. What it refuses it tells, and goes on.

    Exit code: 0 stopped; 1 it failed; 2 wrong usage; 130 stopped with a second Ctrl-C.
    """
    with wrong_usage():
        fields = parse_mapping(mapping) if mapping else {}
        reading_choices(source=source)
        seconds = None if every is None else every * 60
    with stopping_softly() as stop, Assistant.open(store, create=True, encoder=encoder) as opened:
        own = absolute(opened.archive.store.path)
        with wrong_usage():
            watching = FolderWatch(folders, own, pause, seconds, poll)
        tell_now(f"watching {', '.join(map(str, folders))}; Ctrl-C stops it")
        how: dict[str, Any] = {"mapping": fields, "prefix": prefix, "source": source}
        show = show_batch_as_json if as_json else show_batch
        follow(opened, watching, stop, sync=sync, show=show, **how)


def follow(
    assistant: Assistant,
    watching: FolderWatch,
    stop: threading.Event,
    *,
    sync: bool = False,
    show: Callable[[IngestReport], None],
    tell: Callable[[str], None] = tell_now,
    **how: Any,
) -> None:
    """Read every batch of changed files into an archive until `stop` is set.

    `show` gets the report of each batch, and `how` is what `Assistant.ingest` takes.
    """
    for batch in watching.batches(stop, tell):
        if not sync and batch.paths == frozenset():  # files are gone, and that is all
            continue

        only = None if sync and batch.has_deletions else batch.paths
        named = sorted(map(str, watching.folders if only is None else only))

        def take(only: frozenset[Path] | None = only, named: Sequence[str] = named) -> IngestReport:
            return assistant.ingest(
                watching.folders,
                only=only,
                on_end=ingest_teller(assistant.archive.store.path, named),
                sync=sync,
                today=date.today(),  # noqa: DTZ011
                should_stop=stop.is_set,
                **how,
            )

        done = when_free(take, stop, tell)
        if done is not None:
            show(done)


def show_batch(done: IngestReport) -> None:
    """Print what a batch brought, if it brought something."""
    if _has_news(done):
        tell_now("read a batch")
        show_report(done)
        flush_output()


def show_batch_as_json(done: IngestReport) -> None:
    """Print a batch as a line of JSON."""
    echo_json(done.to_dict())
    flush_output()


def _has_news(done: IngestReport) -> bool:
    counts: Sequence[int] = (done.added, done.changed, done.removed, len(done.refused))
    return any(counts)
