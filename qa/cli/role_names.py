"""The names of the roles, as a shell completes them."""

from __future__ import annotations


def complete_role(incomplete: str) -> list[tuple[str, str]]:
    """Return the roles that begin with what was typed, each with what it may do.

    >>> complete_role("e")
    [('editor', 'also adds articles and sets dates')]
    """
    from qa.web.access.roles import Role

    told = {
        Role.READER: "asks",
        Role.EDITOR: "also adds articles and sets dates",
        Role.ADMIN: "also removes articles",
    }
    return [(role.value, told[role]) for role in Role if role.value.startswith(incomplete)]
