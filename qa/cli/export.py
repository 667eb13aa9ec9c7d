"""`dateline verify`, and the option `--export` of `dateline ask`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.answer.records import TEXT
from qa.cli.options import FAILED, JsonOption, echo, echo_json
from qa.cli.stores import StoresOption, open_each
from qa.text.control_characters import visible

if TYPE_CHECKING:
    from qa.answer.records import Answer
    from qa.exports import Difference, Failure

_SHOWN = 80  # characters of a quote
_REASONS = {
    "no_article": "the archive has no such article",
    "outside": "the article has no such place",
    "differs": "the article has other words there",
    "answer_outside": "the words that answer lie outside the quote",
}
_NOT_COMPARED = "not compared: the details beside quotes of articles that are gone"

ExportOption = Annotated[
    Path | None,
    typer.Option(
        "--export",
        help="Also write the answers to this file: .md, .docx (Word), .json, .csv, .ris "
        "or .csl.json (citations), or .html (to print).",
        show_default=False,
    ),
]


def verify(
    export: Annotated[
        Path,
        typer.Argument(
            help="An export (.md, .docx, .json, .csv, .ris, .csl.json or .html), or "
            "matches (.jsonl or .csv).",
            show_default=False,
        ),
    ],
    *,
    stores: StoresOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the quotes of an export, and the details beside them, against the store.

    A quote "fails" if it is not in its article. A date, source, title, place or short answer
    "differs" if the store holds another one; so does anything else that was changed or added. The
    question, its period and the marks of quotes that disagree are not in the store, so they are not
    checked. If an article is gone, the details beside the quotes of that answer (in RIS and
    CSL-JSON: of that article) are not compared, and the output says so. The matches of
    `dateline find`, as JSON lines in a .jsonl file or as CSV, are checked line by line.

    An answer of several archives is checked against --store NAME=DIR for each, with its name there.

    Exit code: 0 all is as exported; 1 a quote fails, something differs, or the file is no export.
    """
    from qa.exports import Failure, read_quotes
    from qa.exports import verify as verify_export

    quotes = read_quotes(export)
    with open_each(stores) as opened:
        one, *others = opened
        named = {each.archive.name or "": each.article for each in opened}
        found = verify_export(export, named if others else one.article)
    failures = [each for each in found if isinstance(each, Failure)]
    differences = [each for each in found if not isinstance(each, Failure)]
    if as_json:
        told = {"failures": [each.to_dict() for each in failures]}
        told |= {"differences": [each.to_dict() for each in differences]}
        echo_json({"quotes": len(quotes), **told})
    else:
        for line in [*map(_line, failures), *map(_told, differences)]:
            typer.echo(visible(line), err=True)
        if any(each.reason == "no_article" for each in failures):
            typer.echo(_NOT_COMPARED, err=True)
        stand = f"{len(quotes) - len(failures)} of {len(quotes)} quotes stand exactly as exported"
        echo(f"{stand}; differences beside them: {len(differences)}" if differences else stand)
    if found:
        raise typer.Exit(FAILED)


def check_export(path: Path | None) -> None:
    """Refuse a file that cannot be written, before any question is asked.

    Raises:
        typer.BadParameter: the name has the suffix of no format, or its folder does not exist.
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
    moved = f"; they stand at {failure.found_at}" if failure.found_at is not None else ""
    field = "" if quote.field == TEXT else f"{quote.field} "
    place = f"{quote.article_id}, {field}{quote.start}–{quote.end}"
    words = _short(" ".join(quote.quote.split()))
    return f"fails: {place}: {_REASONS[failure.reason]}{moved}: {words}"


def _told(difference: Difference) -> str:
    said, expected = difference.said, difference.expected
    if expected is None:
        told = f"the export says {_short(said or '')}, which the store does not give"
    elif said is None:
        told = f"this is missing: {_short(expected)}"
    else:
        pairs = enumerate(zip(said, expected, strict=False))
        first = next((at for at, (one, other) in pairs if one != other), 0)
        said, expected = (_short(each, max(first - _SHOWN // 2, 0)) for each in (said, expected))
        told = f"the export says {said}; by the store it is now {expected}"
    return f"differs: {difference.place}: {told}"


def _short(text: str, skipped: int = 0) -> str:
    shown = text[skipped : skipped + _SHOWN].replace("\n", "\\n")
    before, after = "… " if skipped else "", " …" if len(text) > skipped + _SHOWN else ""
    return f"“{before}{shown}{after}”"
