"""`dateline repair`: makes again what is damaged, and names what is lost."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from index_store.local import LocalStore
from index_store.repair import Repair, end_setback, repair_store
from qa.assistant import Assistant
from qa.cli.ingest_report import show_report
from qa.cli.options import FAILED, JsonOption, StoreOption, echo, echo_json
from qa.ingest.dating import writing
from qa.settings import chosen_index, default_store_path
from qa.text.control_characters import visible


def repair(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders to ingest again.", show_default=False),
    ] = None,
    *,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make again what is damaged in the store, and name what only its source can give back.

    Indexes, chunks, vectors and inferred dates are made again. An article whose text is damaged is
    taken away and named with its file; ingest that file again, here or later. Dates that were set
    by hand are kept for it. The damaged file stays beside the store, under another name. If the
    catalog came back without its last changes, that is told no longer once the files are ingested,
    or none are named.

    Exit code: 0 all is well; 1 something is lost, or still wrong.
    """
    path = store or default_store_path()
    done = repair_store(path)
    today = date.today()  # noqa: DTZ011
    report = None
    if done.unprepared or paths:
        with Assistant.open(path) as assistant:
            if done.unprepared:
                assistant.archive.encode_missing(today=today)
            report = assistant.ingest(paths, today=today) if paths else None
    if done.setback:
        end_setback(path)  # only now: had the files not come in, it would have to be told still
    with closing(LocalStore(path, index=chosen_index())) as repaired:
        with writing(repaired, "repair", today):
            pass  # dates that are due are inferred when writing ends
        repaired.view()
        found = repaired.check()
    if as_json:
        lost = [{"key": each.key, "path": each.path, "what": each.what} for each in done.lost]
        kept = str(done.kept) if done.kept else None
        told = {"mended": list(done.mended), "lost": lost, "kept": kept, "problems": found}
        echo_json(told | {"setback": done.setback})
    else:
        _show(done, found, is_ingested=bool(paths))
        if report:
            show_report(report)
    if found or ((done.lost or done.setback) and not paths):
        raise typer.Exit(FAILED)


def _show(done: Repair, found: list[str], *, is_ingested: bool) -> None:
    for mended in done.mended:
        echo(visible(f"mended: {mended}"))
    for loss in done.lost:
        again = f"; ingest again: {loss.path}" if loss.path else ""
        echo(visible(f"lost: {loss.key}: {loss.what}{again}"))
    if done.setback:
        again = "ingest the files that came or changed since again; this is not told a second time"
        echo(visible(f"lost: {done.setback}{'' if is_ingested else f'; {again}'}"))
    if done.kept:
        echo(f"the damaged file is kept: {done.kept}")
    for problem in found:
        echo(visible(problem))
    if not (done.mended or done.lost or done.setback or found):
        echo("all is well")
