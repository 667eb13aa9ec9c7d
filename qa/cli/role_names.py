"""The roles on the command line: read, and completed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.cli.options import wrong_usage

if TYPE_CHECKING:
    from qa.web.access.roles import Roles


def complete_role(incomplete: str) -> list[tuple[str, str]]:
    """Return the roles that begin with what was typed, each with what it may do.

    >>> complete_role("e"), complete_role("nrc=a")
    ([('editor', 'also adds articles and sets dates')], [('nrc=admin', 'also removes articles')])
    """
    from qa.web.access.roles import Role

    told = {
        Role.READER: "asks",
        Role.EDITOR: "also adds articles and sets dates",
        Role.ADMIN: "also removes articles",
    }
    name, equals, begun = incomplete.rpartition("=")
    found = [role for role in Role if role.value.startswith(begun)]
    return [(f"{name}{equals}{role.value}", told[role]) for role in found]


def given_roles(written: Sequence[str]) -> Roles:
    """Return the roles that several options give together: ROLE, or ARCHIVE=ROLE.

    Raises:
        typer.BadParameter: one is none, or an archive is named twice.
    """
    from qa.web.access.roles import Roles

    with wrong_usage():
        return Roles.parse(",".join(written))
