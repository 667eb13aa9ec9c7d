"""`dateline config`: shows and changes the options that are kept in a file."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from qa.cli.kept_options import OPTIONS, check_kept, kept_path, read_kept, write_kept
from qa.cli.options import echo, wrong_usage
from qa.errors import SettingsError

config = typer.Typer(
    name="config", help="Options that are kept in a file, so that they need not be given."
)
_NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help=f"One of {', '.join(OPTIONS)}.", show_default=False)
]


@config.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """Show the file and what counts of it; options given and the environment count before it.

    Exit code: 0 done; 1 the file cannot be read; 2 wrong usage.
    """
    if context.invoked_subcommand:
        return
    path = kept_path()
    kept = read_kept(path)
    echo(f"{path}{'' if path.exists() else ' (not there)'}")
    for name, option in OPTIONS.items():
        variable = option.variable
        if name in kept:
            echo(f"{name} = {kept[name]}")
        if variable and os.environ.get(variable, str(kept.get(name, ""))) != str(
            kept.get(name, "")
        ):
            echo(f"{name} = {os.environ[variable]} ({variable} counts)")


@config.command(name="set")
def set_option(
    name: _NameArgument,
    value: Annotated[str, typer.Argument(help="Its value.", show_default=False)],
) -> None:
    """Keep an option.

    Exit code: 0 done; 1 the file cannot be read or written; 2 wrong usage.
    """
    with wrong_usage():
        kept = _typed(name, value)
        check_kept(name, kept)
    write_kept(kept_path(), name, kept)


@config.command()
def unset(name: _NameArgument) -> None:
    """Forget an option that was kept.

    Exit code: 0 done; 1 the file cannot be read or written; 2 wrong usage.
    """
    if name not in OPTIONS:
        raise typer.BadParameter(f"no option {name!r} is kept; known are {', '.join(OPTIONS)}")
    write_kept(kept_path(), name, None)


def _typed(name: str, value: str) -> str | float:
    if name not in ("threshold", "generator_timeout"):
        return value
    try:
        return float(value)
    except ValueError:
        raise SettingsError(f"{name} is {value!r}; give a number") from None
