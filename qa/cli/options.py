"""Shared options, error handling and output of the commands."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from qa.assistant import Assistant
from qa.cli.exit_codes import INTERRUPTED, exit_code_of, flush_output
from qa.cli.index_option import add_index_option
from qa.cli.kept_options import kept_in_environment, kept_path, read_kept
from qa.cli.usage_words import reword
from qa.errors import DatelineError, SettingsError
from qa.question import selection
from qa.question.checks import Selection
from qa.text.control_characters import visible
from qa.text.json_line import json_line

FAILED = 1


class ExplainingGroup(TyperGroup):
    """Commands that report an error in one line instead of a traceback.

    Each command over an archive gets the option `--index`.
    """

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        add_index_option(self)
        _tell_whole(self)
        _fit_narrow_terminals(self)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run a command; Dateline's own errors end with exit code 1, Ctrl-C with 130.

        If the reader of the output stops (`| head`), the command ends silently with 141.
        """
        try:
            try:
                return self._invoke(ctx)
            finally:
                flush_output()
        except DatelineError as error:
            typer.echo(f"dateline: {visible(str(error))}", err=True)
            raise typer.Exit(FAILED) from error
        except typer.BadParameter as error:
            reword(error)
            raise
        except KeyboardInterrupt:
            typer.echo("\ndateline: stopped; everything stored so far is intact", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except OSError as error:
            code = exit_code_of(error)
            if code is None:
                raise
            raise typer.Exit(code) from None

    def _invoke(self, ctx: typer.Context) -> Any:
        """Run a command with the options that are kept in a file, where no others are given."""
        kept = read_kept(kept_path())
        if "threshold" in kept:
            ctx.default_map = {"ask": {"threshold": kept["threshold"]}}
        with kept_in_environment(kept):
            return super().invoke(ctx)


_Context: Any = TyperGroup.context_class


class _HelpFormatter(_Context.formatter_class):  # type: ignore[misc]
    """Leaves words two thirds of a terminal that is narrower than usual."""

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        narrow = self.width < 78  # of 80 columns, two of which stay free
        super().write_dl(rows, self.width // 3 if narrow else col_max, col_spacing)


class _HelpContext(_Context):  # type: ignore[misc]
    formatter_class = _HelpFormatter


def _fit_narrow_terminals(command: Any) -> None:
    command.context_class = _HelpContext
    for each in getattr(command, "commands", {}).values():
        _fit_narrow_terminals(each)


def _tell_whole(group: TyperGroup) -> None:
    """Let the list of commands, here and below, show the whole first sentence of each."""
    for command in group.commands.values():
        if isinstance(command, TyperGroup):
            _tell_whole(command)
        first = (command.help or "").strip().partition("\n\n")[0]
        command.short_help = " ".join(first.split())


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Turn a refused setting into wrong usage of the command line, exit code 2."""
    try:
        yield
    except SettingsError as error:
        raise typer.BadParameter(visible(str(error))) from error


def first_day(text: str) -> date:
    """Return the first day of a written day, month or year.

    Raises:
        typer.BadParameter: the text is no date.

    >>> first_day("2021-12")
    datetime.date(2021, 12, 1)
    """
    with wrong_usage():
        return selection.written_days(text)[0]


def last_day(text: str) -> date:
    """Return the last day of a written day, month or year.

    Raises:
        typer.BadParameter: the text is no date.

    >>> last_day("2021-12")
    datetime.date(2021, 12, 31)
    """
    with wrong_usage():
        return selection.written_days(text)[1]


def known_language(text: str) -> str:
    """Return the code of a language that is given by its code or by its name.

    Raises:
        typer.BadParameter: there is no such language.

    >>> known_language("Nederlands"), known_language("en-GB")
    ('nl', 'en')
    """
    with wrong_usage():
        return selection.known_language(text)


def echo(text: str) -> None:
    """Print text of an article: exact to files and pipes, harmless to a terminal."""
    typer.echo(visible(text) if sys.stdout.isatty() else text)


def echo_json(value: Any) -> None:
    """Print one JSON value on one line."""
    typer.echo(json_line(value))


def tell_withheld(*assistants: Assistant) -> None:
    """Name the damaged articles that a command came upon and did not show."""
    for name in chain(*(each.archive.store.catalog.withheld for each in assistants)):
        told = f"dateline: article {name!r} is damaged and not shown; see: dateline check"
        typer.echo(visible(told), err=True)


def unknown_article(article: str) -> str:
    """Return the message that there is no such article."""
    return visible(f"dateline: there is no article {article!r}; list them with: dateline articles")


ArticleArgument = Annotated[str, typer.Argument(help="The id of an article.", show_default=False)]
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="DATELINE_STORE",
        help="Folder of the archive. Default: the user's data folder.",
        show_default=False,
    ),
]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        help="Name or folder of a sentence-transformers model. Default: the archive's own, "
        "else the packaged multilingual-e5-small.",
        show_default=False,
    ),
]
ReaderOption = Annotated[
    Path | None,
    typer.Option(
        "--reader",
        help="File of a trained reader. Default: the one that comes with Dateline.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
SinceOption = Annotated[
    date | None,
    typer.Option(
        "--since",
        parser=first_day,
        metavar="DATE",
        help="Only articles published on or after this day, month or year.",
        show_default=False,
    ),
]
UntilOption = Annotated[
    date | None,
    typer.Option(
        "--until",
        parser=last_day,
        metavar="DATE",
        help="Only articles published on or before this day, month or year.",
        show_default=False,
    ),
]
AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        parser=last_day,
        metavar="DATE",
        help="Answer as of this day: articles that may have appeared later are left out.",
        show_default=False,
    ),
]
UndatedOption = Annotated[
    bool,
    typer.Option("--include-undated", help="With a period: include articles of unknown date."),
]
InferredOption = Annotated[
    bool,
    typer.Option(
        "--include-inferred/--only-stated",
        help="With a period: include articles whose date was inferred, or only stated dates.",
    ),
]
TodayOption = Annotated[
    date | None,
    typer.Option(
        "--today",
        parser=first_day,
        metavar="DATE",
        help="The day on which the question is asked. Default: today.",
        show_default=False,
    ),
]
SplitOption = Annotated[
    str | None,
    typer.Option(help="Only lines with this value in the field `split`.", show_default=False),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME",
        help="Only articles of this source (may be repeated).",
        show_default=False,
    ),
]
AuthorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--author",
        metavar="NAME",
        help="Only articles by this author (may be repeated).",
        show_default=False,
    ),
]
SectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--section",
        metavar="NAME",
        help="Only articles of this newspaper section (may be repeated).",
        show_default=False,
    ),
]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--language",
        parser=known_language,
        metavar="CODE",
        help="Only articles in this language, such as nl (may be repeated).",
        show_default=False,
    ),
]
MaxTokensOption = Annotated[
    int | None,
    typer.Option(
        "--max-tokens",
        min=16,
        max=2048,
        help="Maximum number of tokens in a chunk. Default: the archive's own, else 160.",
        show_default=False,
    ),
]
OverlapOption = Annotated[
    int | None,
    typer.Option(
        "--overlap",
        min=0,
        help="Number of sentences that neighbouring chunks share. "
        "Default: the archive's own, else 1.",
        show_default=False,
    ),
]


_NAMES = {
    "since": "since",
    "until": "until",
    "as_of": "as_of",
    "undated": "include_undated",
    "inferred": "include_inferred",
    "source": "sources",
    "author": "authors",
    "section": "sections",
    "language": "languages",
}


def selection_of(options: Mapping[str, Any]) -> Selection:
    """Return the selection that the options of a command make; other options are ignored.

    >>> selection_of({"source": ["NRC"], "undated": True, "limit": 3})
    {'include_undated': True, 'sources': ['NRC']}
    """
    given = {name: options[option] for option, name in _NAMES.items() if option in options}
    return cast(Selection, {name: value for name, value in given.items() if value is not None})
