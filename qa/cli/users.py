"""`dateline passwd`: adds users who may log in on the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.text.control_characters import visible


def passwd(
    user: Annotated[str, typer.Argument(help="Name to log in with.", show_default=False)],
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="File of users for --auth: add the user, or change the password, there. "
            "Default: print the line.",
            show_default=False,
        ),
    ] = None,
    stdin: Annotated[
        bool,
        typer.Option("--stdin", help="Read the password from standard input, without asking."),
    ] = False,
) -> None:
    """Make the line of a user for the file of `dateline chat --auth`; ask twice for a password.

    Exit code: 1 something failed; 2 wrong usage; 130 stopped.
    """
    from qa.web.access.passwords import password_line, write_line

    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    line = password_line(user, password)
    if file is None:
        typer.echo(line)
        return
    changed = write_line(file, line)
    done = "has a new password in" if changed else "was added to"
    said = f"{visible(user)} {done} {visible(str(file))}; a running page need not be restarted"
    typer.echo(f"dateline: {said}", err=True)
