"""`dateline passwd`: adds users who may log in on the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import wrong_usage
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
        str | None,
        typer.Option(
            help="reader (asks), editor (also adds articles and sets dates) or admin (also "
            "removes articles). Default: as it stands in the file, else reader.",
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
    from qa.web.access.passwords import password_line, role_line, user_in, write_line
    from qa.web.access.roles import Role

    with wrong_usage():
        given = Role.parse(role) if role is not None else None
    # With a new password and a role, nothing is left of the line that stands there.
    is_whole = given is not None and not no_password
    present = None if file is None or is_whole else user_in(file, user)
    chosen = given or (present.role if present else Role.READER)
    if no_password:
        line = role_line(user, chosen, present=present)
    else:
        line = password_line(user, _password(stdin=stdin), chosen)
    if file is None:
        typer.echo(line)
        return
    changed = write_line(file, line)
    what = f"is {chosen.value}" if no_password else "has a new password"
    done = f"{what} in" if changed else "was added to"
    said = f"{visible(user)} {done} {visible(str(file))}; a running page need not be restarted"
    typer.echo(f"dateline: {said}", err=True)


def _password(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed
