"""`dateline token`: makes, lists and revokes the keys by which programs use a server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.audit import tell_audit
from qa.cli.options import JsonOption, echo, echo_json, wrong_usage
from qa.cli.role_names import complete_role, given_roles
from qa.cli.stores import NamedStore, StoresOption
from qa.errors import SettingsError, StoreNotFoundError
from qa.settings import INDEX_HERE, default_store_path
from qa.text.control_characters import visible

if TYPE_CHECKING:
    from qa.web.access.roles import Role, Roles
    from qa.web.access.tokens import Token, Tokens

token = typer.Typer(
    name="token", no_args_is_help=True, help="Keys by which programs use a server, without a login."
)


@token.command()
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, such as nightly-import.")],
    *,
    role: Annotated[
        list[str] | None,
        typer.Option(
            autocompletion=complete_role,
            help="reader (asks), editor (also adds and dates) or admin (also removes), in every "
            "--store; NAME=ROLE for one of several. Default: reader.",
            show_default=False,
        ),
    ] = None,
    days: Annotated[int, typer.Option(help="How long it is valid.")] = 90,
    store: StoresOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token for an archive, or for several, and print it: it is never shown again.

    Exit code: 1 something failed; 2 wrong usage.
    """
    from qa.web.access.tokens import create_in

    stores = _stores(store)
    with wrong_usage():
        roles = _roles_in(stores, given_roles(role or ["reader"]))
        places = [(_tokens(each.path), its) for each, its in zip(stores, roles, strict=True)]
        given, made = create_in(places, name, days=days)
    for each, one in zip(stores, made, strict=True):
        tell_audit(each.path, "token created", **_told(one), expires=_moment(one.expires))
    if as_json:
        named = {each.name: one.role for each, one in zip(stores, made, strict=True) if each.name}
        more = {"archives": named} if named else {}
        echo_json({"token": given, **_described(made[0]), **more})
        return
    typer.echo(given)
    what = ", ".join(
        f"{one.role.value} in {each.name}" if each.name else one.role.value
        for each, one in zip(stores, made, strict=True)
    )
    told = f"keep it now, it is not shown again; {what} until {_moment(made[0].expires)}"
    typer.echo(f"dateline: {told}; a running server takes it at once", err=True)


@token.command(name="list")
def list_tokens(*, store: StoresOption = None, as_json: JsonOption = False) -> None:
    """List the tokens of archives: id, name, role, end. The tokens themselves are not kept."""
    for of in _stores(store):
        for each in _tokens(of.path).all():
            described = _described(each)
            if as_json:
                echo_json({**described, **({"archive": of.name} if of.name else {})})
            else:
                columns = [each.id, each.name, each.role.value, _moment(each.expires)]
                ended = [] if described["valid"] else ["ended"]
                echo("\t".join([*columns, *([of.name] if of.name else []), *ended]))


@token.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The name or the id of a token.")],
    *,
    store: StoresOption = None,
) -> None:
    """Take a token back, in every archive that is named; a running server refuses it at once.

    Exit code: 2 there is no such token.
    """
    stores = _stores(store)
    with wrong_usage():
        holding = [each for each in stores if _holds(each, name)] or stores[:1]
        for each in holding:
            gone = _tokens(each.path).revoke(name)
            tell_audit(each.path, "token revoked", **_told(gone))
    named = [each.name for each in holding if each.name]
    where = f" in {', '.join(named)}" if named else ""
    typer.echo(f"dateline: {visible(gone.name)} is revoked{where}", err=True)


def _stores(given: Sequence[NamedStore] | None) -> list[NamedStore]:
    """Return the archives that are meant, each of which is there.

    Raises:
        StoreNotFoundError: one is not.
        typer.BadParameter: one of several has no name.
    """
    from qa.cli.stores import check_stores

    stores = list(given or [NamedStore(None, default_store_path())])
    with wrong_usage():
        check_stores(stores, index=INDEX_HERE)
    for each in stores:
        if not each.path.is_dir():
            raise StoreNotFoundError(each.path)
    return stores


def _roles_in(stores: Sequence[NamedStore], roles: Roles) -> list[Role]:
    """Return the role in each archive.

    Raises:
        SettingsError: a role is for none of them, or one of them has no role.
    """
    names = [each.name for each in stores]
    for name in roles.of_archives:
        if name not in names:
            raise SettingsError(
                f"--role {name}={roles.of_archives[name]} is of no --store here; say which folder "
                f"that archive has: --store {name}=DIR"
            )
    found = [roles.role_in(each.name) for each in stores]
    if None in found:
        lacking = names[found.index(None)]
        raise SettingsError(
            f"there is no role in {lacking}; add --role {lacking}=ROLE, or leave its --store out"
        )
    return [each for each in found if each is not None]


def _tokens(path: Path) -> Tokens:
    from qa.web.access.tokens import Tokens

    return Tokens.of_store(path)


def _holds(store: NamedStore, name: str) -> bool:
    return any(name in (each.name, each.id) for each in _tokens(store.path).all())


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _told(made: Token) -> dict[str, str]:
    return {"token_id": made.id, "token_name": made.name, "token_role": made.role.value}


def _described(made: Token) -> dict[str, object]:
    described = made.to_dict()
    del described["sha256"]
    return {**described, "valid": made.is_valid(datetime.now(UTC))}
