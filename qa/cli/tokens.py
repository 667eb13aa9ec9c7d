"""`dateline token`: makes, lists and revokes the keys by which programs use a server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.audit import tell_audit
from qa.cli.options import JsonOption, StoreOption, echo, echo_json, wrong_usage
from qa.cli.role_names import complete_role
from qa.errors import StoreNotFoundError
from qa.settings import default_store_path
from qa.text.control_characters import visible

if TYPE_CHECKING:
    from qa.web.access.tokens import Token, Tokens

token = typer.Typer(
    name="token", no_args_is_help=True, help="Keys by which programs use a server, without a login."
)


@token.command()
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, such as nightly-import.")],
    *,
    role: Annotated[
        str,
        typer.Option(
            autocompletion=complete_role,
            help="reader (asks), editor (also adds and dates) or admin (also removes).",
        ),
    ] = "reader",
    days: Annotated[int, typer.Option(help="How long it is valid.")] = 90,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token for an archive, and print it: it is never shown again.

    Exit code: 1 something failed; 2 wrong usage.
    """
    from qa.web.access.roles import Role

    path = _store(store)
    with wrong_usage():
        given, made = _tokens(path).create(name, Role.parse(role), days=days)
    expires = made.expires.isoformat(timespec="seconds")
    what = {"token_id": made.id, "token_name": name, "token_role": role, "expires": expires}
    tell_audit(path, "token created", **what)
    if as_json:
        echo_json({"token": given, **_described(made)})
        return
    typer.echo(given)
    told = f"keep it now, it is not shown again; {role} until {expires}"
    typer.echo(f"dateline: {told}; a running server takes it at once", err=True)


@token.command(name="list")
def list_tokens(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the tokens of an archive: id, name, role, end. The tokens themselves are not kept."""
    for each in _tokens(_store(store)).all():
        described = _described(each)
        if as_json:
            echo_json(described)
        else:
            expires = each.expires.isoformat(timespec="seconds")
            columns = [each.id, each.name, each.role.value, expires]
            echo("\t".join([*columns, *([] if described["valid"] else ["ended"])]))


@token.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The name or the id of a token.")],
    *,
    store: StoreOption = None,
) -> None:
    """Take a token back; a running server refuses it at once.

    Exit code: 2 there is no such token.
    """
    path = _store(store)
    with wrong_usage():
        gone = _tokens(path).revoke(name)
    what = {"token_id": gone.id, "token_name": gone.name, "token_role": gone.role.value}
    tell_audit(path, "token revoked", **what)
    typer.echo(f"dateline: {visible(gone.name)} is revoked", err=True)


def _store(store: Path | None) -> Path:
    """Return the folder of the archive.

    Raises:
        StoreNotFoundError: there is none.
    """
    path = store or default_store_path()
    if not path.is_dir():
        raise StoreNotFoundError(path)
    return path


def _tokens(path: Path) -> Tokens:
    from qa.web.access.tokens import Tokens

    return Tokens.of_store(path)


def _described(made: Token) -> dict[str, object]:
    described = made.to_dict()
    del described["sha256"]
    return {**described, "valid": made.is_valid(datetime.now(UTC))}
