"""`dateline quotes`: quotes that somebody keeps with notes, from the shell."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.assistant import Assistant
from qa.cli.export import check_export
from qa.cli.found_places import FoundPlace, found_places
from qa.cli.label_language import kept_language
from qa.cli.options import (
    FAILED,
    JsonOption,
    StoreOption,
    echo,
    echo_json,
    tell_withheld,
    wrong_usage,
)
from qa.cli.remote import UrlOption, open_remote
from qa.dates.wording import display_date
from qa.text.control_characters import visible
from qa.text.phrases import display_title

if TYPE_CHECKING:
    from qa.quotes.basket import QuoteBasket
    from qa.quotes.noted import NotedQuote

_SINCE = {
    "changed": "the article has other words there now",
    "gone": "the archive no longer has the article",
    "unserved": "its archive is not read here, and this is how it read then",
}
_NOTHING = "give an article and words of it, or the JSON lines of a command through a pipe"

quotes = typer.Typer(
    name="quotes",
    help="Quotes that you keep, with notes; also those of the page.",
    no_args_is_help=True,
)

UserOption = Annotated[
    str,
    typer.Option(
        "--user",
        metavar="NAME",
        help="Those of this user of the page, where users log in. Default: where nobody does.",
        show_default=False,
    ),
]
NumberArgument = Annotated[
    int, typer.Argument(help="The number of the quote, as it is listed.", show_default=False)
]


@quotes.command()
def add(
    command: typer.Context,
    article: Annotated[
        str | None,
        typer.Argument(help="The id of an article; - or a pipe: JSON lines.", show_default=False),
    ] = None,
    words: Annotated[
        str | None,
        typer.Argument(help="Words that stand once in that article.", show_default=False),
    ] = None,
    *,
    note: Annotated[str, typer.Option("--note", help="A note on each of these quotes.")] = "",
    pick: Annotated[
        list[int] | None,
        typer.Option(
            "--pick",
            metavar="NUMBER",
            min=1,
            help="Of the lines through a pipe, keep this quote only, counted from 1 (may be "
            "repeated).",
            show_default=False,
        ),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Of a match, keep its words and not its sentence.")
    ] = False,
    user: UserOption = "",
    store: StoreOption = None,
    url: UrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep quotes: words of an article, or what a command found.

    dateline find "troepen" --limit 20 --json | dateline quotes add --note "…" keeps the sentences
    of twenty matches; ask and search give their quotes and passages. What is kept already stays as
    it is, with its note, and is told apart ("was_kept" in JSON). A line with a "note" brings its
    own.

    Exit code: 0 done; 1 a quote could not be kept; 2 wrong usage.
    """
    with wrong_usage():
        found = None if words is not None else _picked(_given_lines(article), pick or ())
    if article is None and words is not None:
        raise typer.BadParameter(_NOTHING)
    failed = False
    with _opened(command, store, url, user) as basket:
        if found is None:
            _tell_kept(basket.keep_words(article or "", words or "", note), as_json=as_json)
        for each in found or ():
            failed |= not _keep(basket, each, note, exact=exact, as_json=as_json)
    if failed:
        raise typer.Exit(FAILED)


@quotes.command(name="list")
def list_quotes(
    command: typer.Context,
    *,
    user: UserOption = "",
    store: StoreOption = None,
    url: UrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the quotes in their order, with their notes, and say which no longer stand there."""
    with _opened(command, store, url, user) as basket:
        listed = list(basket)
    for each in listed:
        if as_json:
            echo_json(each.to_dict())
        else:
            _tell(each)
    if not listed:
        typer.echo("dateline: no quote is kept yet; see: dateline quotes add --help", err=True)


@quotes.command()
def note(
    command: typer.Context,
    number: Annotated[
        str,
        typer.Argument(help="The number of a quote; -: lines of a number and a note from a pipe."),
    ],
    text: Annotated[
        str | None, typer.Argument(help="The note; '' for none.", show_default=False)
    ] = None,
    *,
    user: UserOption = "",
    store: StoreOption = None,
    url: UrlOption = None,
) -> None:
    """Replace the note on a quote, or on many: "3 Bellen" through a pipe for each.

    Exit code: 1 there is no such quote; 2 wrong usage. Then no note is changed.
    """
    with wrong_usage():
        notes = dict(_note_lines(number, text))
    from qa.quotes.basket import check_note

    for each in notes.values():
        check_note(each)
    with _opened(command, store, url, user) as basket:
        basket.check_numbers(*notes)
        for at, told in notes.items():
            basket.note(at, told)


@quotes.command()
def move(
    command: typer.Context,
    number: NumberArgument,
    to: Annotated[int, typer.Argument(min=1, help="Its new number.", show_default=False)],
    *,
    user: UserOption = "",
    store: StoreOption = None,
    url: UrlOption = None,
) -> None:
    """Put a quote at another number; beyond the last, it becomes the last.

    Exit code: 1 there is no such quote.
    """
    with _opened(command, store, url, user) as basket:
        basket.move(number, to)


@quotes.command()
def remove(
    command: typer.Context,
    numbers: Annotated[
        list[int] | None, typer.Argument(help="The numbers of quotes.", show_default=False)
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Remove all of them.")] = False,
    user: UserOption = "",
    store: StoreOption = None,
    url: UrlOption = None,
) -> None:
    """Remove quotes; the numbers are those before any of them is gone.

    Exit code: 1 there is no quote of one of the numbers, and all stay.
    """
    if bool(numbers) == everything:
        raise typer.BadParameter("give the numbers of quotes, or --all")
    with _opened(command, store, url, user) as basket:
        basket.remove(*(range(1, len(basket) + 1) if everything else numbers or ()))


@quotes.command()
def export(
    command: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="The file: .md, .docx (Word), .json, .csv, .ris or .csl.json (citations), or "
            ".html (to print).",
            show_default=False,
        ),
    ],
    *,
    labels: Annotated[
        str | None,
        typer.Option(
            "--labels", metavar="nl|en", help="The language of the labels.", show_default=False
        ),
    ] = None,
    user: UserOption = "",
    store: StoreOption = None,
    url: UrlOption = None,
) -> None:
    """Write the quotes with their notes to a file; `dateline verify FILE` checks it.

    Exit code: 1 no quote is kept, or the file cannot be written.
    """
    check_export(file)
    if labels not in (None, "nl", "en"):
        raise typer.BadParameter("labels are in nl or en")
    with _opened(command, store, url, user) as basket:
        count = basket.save(file, language=labels or kept_language())
    echo(f"{count} quotes: {visible(str(file))}")


@contextmanager
def _opened(
    command: typer.Context, store: Path | None, url: str | None, user: str
) -> Iterator[QuoteBasket]:
    from qa.quotes.basket import QuoteBasket

    if url is not None:
        from qa.web.client.remote_quotes import RemoteQuotes

        kept = RemoteQuotes(open_remote(command, url, own=("user",)))
        with QuoteBasket(kept, kept.article) as basket:
            yield basket
        return
    with (
        Assistant.open(store) as assistant,
        QuoteBasket.open(assistant, owner=user) as basket,
    ):
        yield basket
        tell_withheld(assistant)


def _given_lines(article: str | None) -> Iterator[str]:
    """Return the lines of standard input.

    Raises:
        typer.BadParameter: an article is given without words of it, or nothing comes there.
    """
    if article not in (None, "-") or sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise typer.BadParameter(_NOTHING)
    return (line.decode("utf-8", "replace") for line in sys.stdin.buffer)


def _picked(lines: Iterator[str], pick: Sequence[int]) -> list[FoundPlace]:
    found = list(found_places(lines))
    if pick and max(pick) > len(found):
        raise typer.BadParameter(f"there is no quote {max(pick)}; there are {len(found)}")
    return [found[at - 1] for at in pick] if pick else found


def _keep(basket: QuoteBasket, found: FoundPlace, note: str, *, exact: bool, as_json: bool) -> bool:
    """Keep what was found, and tell it; return whether it could be kept."""
    from qa.quotes.basket import NotKeptError

    try:
        told = found.note if found.note is not None else note
        place = found.article_id, found.start, found.end, found.words
        is_whole = exact or not found.is_match
        _tell_kept(
            basket.keep_found(*place, field=found.field, note=told, whole=not is_whole),
            as_json=as_json,
        )
    except NotKeptError as error:
        typer.echo(f"dateline: {visible(str(error))}", err=True)
        return False
    return True


def _note_lines(number: str, text: str | None) -> Iterator[tuple[int, str]]:
    if number != "-":
        if text is None:
            raise typer.BadParameter("give the note behind the number; '' takes it away")
        yield _number(number), text
        return
    for line in sys.stdin.buffer:
        at, _, told = line.decode("utf-8", "replace").strip().partition(" ")
        if at:
            yield _number(at), told.strip()


def _number(written: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise typer.BadParameter(f"{written[:40]!r} is no number of a quote") from None


def _tell_kept(each: NotedQuote, *, as_json: bool) -> None:
    """Tell a quote that is being kept, and whether it was kept already."""
    if as_json:
        echo_json({**each.to_dict(), "was_kept": each.was_kept})
        return
    _tell(each)
    if each.was_kept:
        echo("   (kept already; it stays as it is, with its note)")


def _tell(each: NotedQuote) -> None:
    article, field = each.article, "" if each.field == "text" else f"{each.field} "
    named = f"{each.archive}: " if each.archive else ""
    place = f"{named}{article.id}, {field}{each.start}–{each.end}"
    date = display_date(article, article.language or "nl")
    echo(f"{each.number}. {display_title(article)} · {article.source} · {date} · {place}")
    echo(f"   “{' '.join(each.quote.split())}”")
    if each.note:
        echo(f"   {' '.join(each.note.split())}")
    if each.since:
        echo(f"   ({_SINCE[each.since]})")
