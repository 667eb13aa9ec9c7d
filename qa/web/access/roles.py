"""What a user may do: three roles, each of which may do all that the one before it may.

A role is for every archive of a server, or for one that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from starlette.types import Scope

from qa.errors import SettingsError

LONGEST_ARCHIVE_NAME = 50  # characters
ARCHIVE_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ARCHIVE_NAME}}}")
"""What the name of an archive looks like: it stands in addresses, and in files of users."""

_STATE = "identity"


class Role(StrEnum):
    """What a user may do; the members stand from the least to the most."""

    READER = "reader"  # asks, and reads articles
    EDITOR = "editor"  # also adds articles and sets dates
    ADMIN = "admin"  # also removes articles and sees the metrics

    def covers(self, needed: Role) -> bool:
        """Tell whether this role may do what needs another one.

        >>> Role.EDITOR.covers(Role.READER), Role.EDITOR.covers(Role.ADMIN)
        (True, False)
        """
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read the name of a role.

        Raises:
            SettingsError: there is no such role.
        """
        try:
            return cls(written)
        except ValueError:
            there = ", ".join(cls)
            raise SettingsError(f"there is no role {written!r}; choose one of: {there}") from None


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of somebody: one in every archive, others in archives by name, or both.

    What is said of an archive counts there, and not what is said of all. Where neither is said,
    there is no role, and the archive is as if it were not there.
    """

    everywhere: Role | None = None
    of_archives: Mapping[str, Role] = field(default_factory=dict)

    def role_in(self, archive: str | None) -> Role | None:
        """Return the role in an archive, which may have no name; `None` if there is none.

        >>> roles = Roles(Role.READER, {"nrc": Role.EDITOR})
        >>> roles.role_in("nrc").value, roles.role_in("weekbladen").value
        ('editor', 'reader')
        """
        return self.of_archives.get(archive or "", self.everywhere)

    def within(self, names: Iterable[str], needed: Role = Role.READER) -> list[str]:
        """Return those of the archives in which the role is enough, in their order.

        >>> Roles(None, {"nrc": Role.EDITOR}).within(["weekbladen", "nrc"])
        ['nrc']
        """
        found = ((name, self.role_in(name)) for name in names)
        return [name for name, role in found if role is not None and role.covers(needed)]

    def highest(self) -> Role | None:
        """Return the highest role in any archive, or `None` if there is none."""
        found = {self.everywhere, *self.of_archives.values()}
        return next((each for each in reversed(Role) if each in found), None)

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a role, or roles of archives (`nrc=editor`), or both, with commas between them.

        Raises:
            SettingsError: there is no such role, no archive can have that name, or one is named
                twice.

        >>> str(Roles.parse("reader, nrc=editor"))
        'reader,nrc=editor'
        """
        found: dict[str | None, Role] = {}
        for each in written.split(","):
            name, equals, role = (part.strip() for part in each.rpartition("="))
            if equals and not ARCHIVE_NAME.fullmatch(name):
                raise SettingsError(
                    f"{each.strip()!r} is not ARCHIVE=ROLE: an archive has a name of at most "
                    f"{LONGEST_ARCHIVE_NAME} letters (a to z), digits, hyphens and underscores"
                )
            of = name if equals else None
            if of in found:
                raise SettingsError(f"there are two roles {f'in {of}' if of else 'for all'} here")
            found[of] = Role.parse(role)
        everywhere = found.pop(None, None)
        return cls(everywhere, {name: role for name, role in found.items() if name is not None})

    def __str__(self) -> str:
        """Return the roles as `parse` reads them."""
        named = (f"{name}={role.value}" for name, role in self.of_archives.items())
        return ",".join([*([self.everywhere.value] if self.everywhere else []), *named])


class Means(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"  # noqa: S105 - the name of a means
    TOKEN = "token"  # noqa: S105
    PROXY = "proxy"
    SHELL = "shell"
    NONE = "none"  # there is no login


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who may use the server; `name` is `None` where nobody has to log in.

    `role` is that in the archive that the request names, else the highest of all. `roles` are those
    in each archive; without them, it is `role` everywhere.
    `is_ambient` tells that a browser adds the proof by itself, so that a page of another site could
    let it send a request in the name of this user.
    """

    name: str | None
    role: Role
    means: Means
    is_ambient: bool = True
    roles: Roles | None = None

    @classmethod
    def of(cls, name: str | None, roles: Roles, means: Means, *, is_ambient: bool = True) -> Self:
        """Return somebody with these roles, wherever they are."""
        return cls(name, roles.highest() or Role.READER, means, is_ambient, roles)

    def role_in(self, archive: str | None) -> Role | None:
        """Return the role in an archive, or `None` if there is none."""
        return self.role if self.roles is None else self.roles.role_in(archive)

    def archives(self, names: Iterable[str], needed: Role = Role.READER) -> list[str]:
        """Return those of the archives in which the role is enough, in their order."""
        return (self.roles or Roles(self.role)).within(names, needed)


asker: ContextVar[Identity | None] = ContextVar("asker", default=None)
"""Who sent the request that is being worked on, in the thread or task that works on it."""


def with_identity(scope: Scope, who: Identity) -> Scope:
    """Return a scope that says who sent the request."""
    state = {**scope.get("state", {}), _STATE: who}
    if who.name is not None:
        state["user"] = who.name
    return {**scope, "state": state}


def identity_of(scope: Scope) -> Identity | None:
    """Return who sent a request, or `None` if nobody was asked."""
    found = scope.get("state", {}).get(_STATE)
    return found if isinstance(found, Identity) else None
