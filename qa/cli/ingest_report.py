"""What the shell shows of an ingest, and of one that is only tried."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePath

import typer

from qa.cli.options import echo
from qa.dates.wording import describe_date
from qa.errors import IngestError, SettingsError
from qa.ingest.findings import UnusedField
from qa.ingest.preview import IngestPreview
from qa.ingest.refusals import Refusal, Skipped
from qa.ingest.report import IngestReport
from qa.text.control_characters import visible

_MOST_SHOWN = 20
_MOST_NAMES = 5  # of files of one kind


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
    _show_left_aside(done.skipped, done.unused, done.notes)
    _show_refused(done.refused)


def show_preview(preview: IngestPreview) -> None:
    """Print the first articles that an ingest would take, and what it would leave."""
    for article in preview.articles:
        date = describe_date(article.published, language="en") or "no date"
        place = article.path if article.line is None else f"{article.path}, line {article.line}"
        echo(visible(f"{article.id}: {article.title or '(no title)'}"))
        echo(visible(f"  {date} ({article.provenance}) | {article.source} | {place}"))
        echo(visible(f"  {article.opening}"))
    more = preview.count - len(preview.articles)
    echo(f"{preview.count} articles would be taken{f' ({more} more than shown)' if more else ''}, "
         f"{len(preview.refused)} refused; nothing was stored")  # fmt: skip
    if preview.undated:
        echo(f"{preview.undated} state no publication date")
    _show_left_aside(preview.skipped, preview.unused, preview.notes)
    _show_refused(preview.refused)


def write_report(path: Path, done: IngestReport) -> None:
    """Write the report to a file as JSON lines: the counts, then every refusal.

    Raises:
        SettingsError: the file cannot be written.
    """
    summary = done.to_dict()
    refused = summary.pop("refused")
    lines = [json.dumps(line, ensure_ascii=False) for line in (summary, *refused)]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"cannot write the report to {path} ({error.strerror})") from error


def _show_left_aside(
    skipped: Sequence[Skipped], unused: Sequence[UnusedField], notes: Sequence[str]
) -> None:
    if skipped:
        echo(f"{len(skipped)} files were passed over:")
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for each in skipped:
        by_reason[each.reason].append(PurePath(each.path).name)
    for reason, names in by_reason.items():
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        echo(visible(f"  {', '.join(names[:_MOST_NAMES])}{more}: {reason}"))
    for each_field in unused[:_MOST_SHOWN]:
        files = f" (and {each_field.files - 1} more files)" if each_field.files > 1 else ""
        echo(visible(f"not used: field {each_field.name!r} of {each_field.path}{files}, "
                     f"for example {each_field.example!r}"))  # fmt: skip
    for note in notes[:_MOST_SHOWN]:
        echo(f"note: {visible(note)}")
    for what, count in (("fields", len(unused)), ("notes", len(notes))):
        if count > _MOST_SHOWN:
            echo(f"and {count - _MOST_SHOWN} more {what}; --json or --report FILE tells all")


def _show_refused(refused: Sequence[Refusal]) -> None:
    for refusal in refused[:_MOST_SHOWN]:
        error = IngestError(refusal.path, refusal.reason, line=refusal.line)
        typer.echo(f"refused: {visible(str(error))}", err=True)
    hidden = len(refused) - _MOST_SHOWN
    if hidden > 0:
        typer.echo(f"and {hidden} more; write them to a file with --report FILE", err=True)
