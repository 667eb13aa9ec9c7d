"""`dateline date`: the date of an article; `dateline dates`: the date expressions in a text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index_store.records import UNKNOWN_DATE, Article
from qa.assistant import Assistant
from qa.cli.audit import tell_audit
from qa.cli.options import (
    FAILED,
    ArticleArgument,
    JsonOption,
    StoreOption,
    TodayOption,
    echo,
    echo_json,
    first_day,
    unknown_article,
)
from qa.dates.serialization import date_to_dict, published_to_dict
from qa.dates.wording import describe_date, display_date
from qa.errors import DatelineError, IngestError
from qa.text.control_characters import visible

if TYPE_CHECKING:
    from qa.dates.expressions import DateExpression


def date_of(
    article: ArticleArgument,
    published: Annotated[
        str | None,
        typer.Argument(
            metavar="[DATE]",
            help="A day, month or year to set: 2021-03-03, 2021-03 or 2021.",
            show_default=False,
        ),
    ] = None,
    *,
    clear: Annotated[
        bool, typer.Option("--clear", help="Remove a date that was set by hand.")
    ] = False,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the date of an article and its evidence, or set the date by hand.

    Exit code: 0 shown or set; 1 no such article; 2 wrong usage.
    """
    if clear and published is not None:
        raise typer.BadParameter("give a date, or --clear, not both")
    with Assistant.open(store) as assistant:
        found = assistant.article(article)
        if found is not None and (clear or published is not None):
            if published is not None:
                first_day(published)  # wrong usage, if it is no date
            day = today or date.today()  # noqa: DTZ011
            before, found = found, assistant.set_date(article, published, today=day)
            _tell(assistant, before, found)
    if found is None:
        typer.echo(unknown_article(article), err=True)
        raise typer.Exit(FAILED)
    if as_json:
        overruled = found.overruled
        stated = None if overruled == UNKNOWN_DATE else date_to_dict(overruled)
        described = {"published": date_to_dict(found.published), "overruled": stated}
        echo_json({"article_id": found.id, **described})
        return
    for line in _dated(found):
        echo(line.replace("\n", " "))


def _tell(assistant: Assistant, before: Article, after: Article | None) -> None:
    dates = {
        "date": published_to_dict(after.published) if after else None,
        "before": published_to_dict(before.published),
    }
    path = assistant.archive.store.path
    tell_audit(path, "dated", article=before.id, title=before.title, **dates)


def _dated(article: Article) -> Iterator[str]:
    """Yield the date of an article and its evidence, one line each."""
    published = article.published
    yield f"{article.id}\t{display_date(article, 'nl')}"
    score = "" if published.score is None else f", score {published.score:.2f}"
    words = f": {published.words}" if published.words else ""
    yield f"{published.precision.value}, {published.provenance.value}{score}{words}"
    if article.overruled != UNKNOWN_DATE:
        yield f"the source states: {describe_date(article.overruled, language='nl')}"
    for each in published.evidence:
        yield f"{each.reason}\t{each.article_id}:{each.start}-{each.end}\t{each.quote}"


def dates(
    text: Annotated[
        str | None, typer.Argument(help="A text in Dutch or English.", show_default=False)
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            help="A JSONL file instead: each line has text, and optionally today.",
            show_default=False,
        ),
    ] = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find dates and periods in a text, and show which days they mean.

    Exit code: 0 done; 1 a line was refused, the others went on; 2 wrong usage.
    """
    if (text is None) == (file is None):
        raise typer.BadParameter("give one text, or a file of them with --file")
    day = today or date.today()  # noqa: DTZ011
    failed = False
    for line in [{"text": text}] if file is None else _lines(file):
        if isinstance(line, IngestError):
            failed = True
            typer.echo(f"dateline: {visible(str(line))}", err=True)
            continue
        given = line.get("today")
        found = _found(str(line["text"]), first_day(str(given)) if given else day)
        if as_json:
            echo_json({**line, "found": [_to_dict(each) for each in found]})
        else:
            for each in found:
                echo(_row(each))
    if failed:
        raise typer.Exit(FAILED)


def _lines(file: Path) -> Iterator[dict[str, Any] | IngestError]:
    """Yield the lines; for a line that cannot be read, yield the error."""
    from qa.evaluation.questions import parse_record, read_lines

    for number, text in read_lines(file):
        try:
            record = parse_record(file, number, text)
            if not isinstance(record.get("text"), str):
                raise IngestError(file, 'each line has a "text"', line=number)
            if record.get("today"):
                first_day(str(record["today"]))
            yield record
        except DatelineError as error:
            yield error if isinstance(error, IngestError) else IngestError(file, str(error))
        except typer.BadParameter as error:
            yield IngestError(file, str(error), line=number)


def _found(text: str, today: date) -> list[DateExpression]:
    from index_store.analysis.language import detect_language
    from qa.dates.expressions import find_dates

    return find_dates(text, today=today, language=detect_language(text))


def _to_dict(found: DateExpression) -> dict[str, Any]:
    return {
        "text": found.text,
        "start": found.start,
        "end": found.end,
        "first": found.range.first and found.range.first.isoformat(),
        "last": found.range.last and found.range.last.isoformat(),
        "modifier": found.modifier and found.modifier.value,
    }


def _row(found: DateExpression) -> str:
    first, last = found.range.first or "…", found.range.last or "…"
    return f"{found.text}\t{first}\t{last}\t{found.modifier.value if found.modifier else ''}"
