"""`dateline verify`, and `--export` of `dateline ask`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.assistant import Assistant
from qa.cli.options import FAILED, JsonOption, StoreOption, echo, echo_json, visible

if TYPE_CHECKING:
    from qa.answer import Answer
    from qa.exports import Failure

_SHOWN = 80  # characters of a quote
_REASONS = {
    "no_article": "the archive has no such article",
    "outside": "the article has no such place",
    "differs": "the article has other words there",
    "answer_outside": "the words that answer lie outside the quote",
}

ExportOption = Annotated[
    Path | None,
    typer.Option(
        "--export",
        help="Also write the answers to this file: .md, .json, .csv, .ris (citations) or .html "
        "(to print).",
        show_default=False,
    ),
]


def verify(
    export: Annotated[
        Path, typer.Argument(help="An export: .md, .json, .csv, .ris or .html.", show_default=False)
    ],
    *,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check every quote of an export against the articles in the store.

    Exit code: 0 all of them stand; 1 one does not, or the file is no export.
    """
    from qa.exports import check_quotes, read_quotes

    quotes = read_quotes(export)
    with Assistant.open(store) as assistant:
        failures = check_quotes(quotes, assistant.article)
    if as_json:
        echo_json({"quotes": len(quotes), "failures": [failure.to_dict() for failure in failures]})
    else:
        for failure in failures:
            typer.echo(visible(_line(failure)), err=True)
        echo(f"{len(quotes) - len(failures)} of {len(quotes)} quotes stand exactly as exported")
    if failures:
        raise typer.Exit(FAILED)


def check_export(path: Path | None) -> None:
    """Refuse a file that could not be written, before anything is asked.

    Raises:
        typer.BadParameter: the name names no format, or there is no such folder to write in.
    """
    if path is None:
        return
    from qa.exports import ExportError
    from qa.exports.formats import check_target

    try:
        check_target(path)
    except ExportError as error:
        raise typer.BadParameter(visible(str(error))) from error


def write_export(path: Path | None, answers: Sequence[Answer]) -> None:
    """Write the answers if a file was asked for.

    Raises:
        ExportError: the file cannot be written.
    """
    if path is not None:
        from qa.exports import save

        save(path, answers)


def _line(failure: Failure) -> str:
    quote = failure.quote
    words = " ".join(quote.quote.split())
    short = words if len(words) <= _SHOWN else words[:_SHOWN] + " …"
    moved = f"; they stand at {failure.found_at}" if failure.found_at is not None else ""
    place = f"{quote.article_id}, {quote.start}–{quote.end}"
    return f"fails: {place}: {_REASONS[failure.reason]}{moved}: “{short}”"
