"""`dateline passwd`: adds users who may log in on the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.role_names import complete_role, given_roles
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
    role: Annotated[
        list[str] | None,
        typer.Option(
            autocompletion=complete_role,
            help="reader (asks), editor (also adds articles and sets dates) or admin (also "
            "removes articles), in every archive; ARCHIVE=ROLE for one of several, as often as "
            "needed. What is given replaces what stands in the file. Default: as it stands "
            "there, else reader.",
            show_default=False,
        ),
    ] = None,
    no_password: Annotated[
        bool,
        typer.Option(
            "--no-password",
            help="Only set the role, as for a user whom a proxy names (--auth-header).",
        ),
    ] = False,
) -> None:
    """Make the line of a user for the file of `dateline chat --auth`; ask twice for a password.

    Exit code: 1 something failed; 2 wrong usage; 130 stopped.
    """
    from qa.web.access.passwords import User, hash_password, set_user, user_in, user_line

    given = given_roles(role) if role else None
    if file is not None and (no_password or given is None):
        user_in(file, user)  # what is wrong with its line is said before a password is asked for
    written = None if no_password else hash_password(_password(stdin=stdin))
    if file is None:
        typer.echo(user_line(user, User(written) if given is None else User(written, given)))
        return
    now, was_there = set_user(file, user, written=written, roles=given)
    what = f"is {now.roles}" if no_password else "has a new password"
    done = f"{what} in" if was_there else "was added to"
    said = f"{visible(user)} {done} {visible(str(file))}; a running page need not be restarted"
    typer.echo(f"dateline: {said}", err=True)


def _password(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed
