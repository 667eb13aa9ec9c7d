"""What a user may do: three roles, each of which may do all that the one before it may."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from starlette.types import Scope

from qa.errors import SettingsError

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

    `is_ambient` tells that a browser adds the proof by itself, so that a page of another site could
    let it send a request in the name of this user.
    """

    name: str | None
    role: Role
    means: Means
    is_ambient: bool = True


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
