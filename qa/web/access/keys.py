"""The tokens and the audit logs of all archives of a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import anyio
from starlette.types import Scope

from qa.web.access.archive_address import ArchiveKeys, archive_of
from qa.web.access.audit import Event
from qa.web.access.proxy import address_of
from qa.web.access.roles import Identity, Means, Roles
from qa.web.access.tokens import Tokens


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What access needs of the archives of a server.

    `of_archives` stand by the names of several archives. `own` is what one archive alone has; of
    several, it holds the audit log for what names no archive.
    """

    own: ArchiveKeys
    of_archives: Mapping[str, ArchiveKeys]

    def tokens(self) -> Iterator[Tokens]:
        """Yield the files of tokens."""
        yield self.own.tokens
        yield from (each.tokens for each in self.of_archives.values())

    def holder(self, given: str) -> Identity | None:
        """Return whoever has a token, or `None` if no archive knows it.

        A token opens the archives in whose stores it is kept, each with the role kept there.
        """
        if (alone := self.own.tokens.find(given)) is not None:
            return _program(alone.name, Roles(alone.role))
        found = {name: each.tokens.find(given) for name, each in self.of_archives.items()}
        known = {name: token for name, token in found.items() if token is not None}
        if not known:
            return None
        called = next(iter(known.values())).name
        return _program(called, Roles(None, {name: each.role for name, each in known.items()}))

    async def tell(
        self, event: Event, scope: Scope, who: Identity | None, **what: str | None
    ) -> None:
        """Write a line into the audit log of the archive that a request names.

        What names none of them stands in that of the first, without an archive.
        """
        keys = self.of_archives.get(archive_of(scope) or "")
        told = what if keys or not self.of_archives else {"archive": None, **what}
        audit, address = (keys or self.own).audit, address_of(scope)
        await anyio.to_thread.run_sync(lambda: audit.write(event, who, address=address, **told))


def _program(name: str, roles: Roles) -> Identity:
    return Identity.of(f"token:{name}", roles, Means.TOKEN, is_ambient=False)
