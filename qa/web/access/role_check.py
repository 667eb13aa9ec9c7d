"""The one place that says whether somebody's role is enough for a request, in its archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from qa.web.access.archive_address import archives_named, unknown_archive
from qa.web.access.audit import Event
from qa.web.access.credentials import wants_page
from qa.web.access.ending import STATE_HEADER
from qa.web.access.exchange import safe_path
from qa.web.access.keys import KeyRing
from qa.web.access.permissions import Need, Permissions
from qa.web.access.proxy import route_of
from qa.web.access.refusals import refusal
from qa.web.access.roles import Identity, Role
from qa.web.access.unknown_page import unknown_page

_NO_ROLE = {STATE_HEADER: "no-role"}  # by which a page that was opened before knows


class RoleCheck:
    """Compares the table of what each path needs with the role in the archive that is named.

    Whoever has no role in an archive is told the same as of one that does not exist.
    """

    def __init__(
        self,
        permissions: Permissions,
        keys: KeyRing,
        *,
        names: Sequence[str] = (),
        alone: str | None = None,
    ) -> None:
        """Take the `names` of several archives, or that of one `alone`, which may have none."""
        self._permissions = permissions
        self._keys = keys
        self._names = names
        self._alone = alone

    def needed(self, scope: Scope) -> Role | Need | None:
        """Return what the path of a request needs, in whichever archive."""
        return self._permissions.needed(route_of(scope))

    def sees(self, scope: Scope, who: Identity) -> bool:
        """Tell whether somebody has a role in every archive that an address names."""
        return archives_named(scope) <= set(who.archives(self._names))

    async def placed(self, scope: Scope, who: Identity) -> Identity | Response:
        """Return who asks with the role that counts for a request, or the refusal of it."""
        named, seen = sorted(archives_named(scope)), who.archives(self._names)
        if hidden := [each for each in named if each not in seen]:
            await self._tell(scope, who, role=None)
            return _unknown(Request(scope), hidden[0], seen)
        of = named or seen if self._names else [self._alone]
        roles = {who.role_in(each) for each in of}
        role = next((each for each in reversed(Role) if each in roles), None)
        needed = self.needed(scope)
        if role is None:
            return refusal(scope, "Not Found", 404, headers=_NO_ROLE)
        if not (isinstance(needed, Role) or needed is Need.NOTHING):
            return refusal(scope, "Not Found", 404)
        placed = replace(who, role=role)
        if needed is Need.NOTHING or role.covers(needed):
            return placed
        await self._tell(scope, placed, needed=needed.value)
        told = f"this needs the role {needed.value}; yours is {role.value}"
        return refusal(scope, told, 403)

    async def _tell(self, scope: Scope, who: Identity, **what: str | None) -> None:
        path = safe_path(route_of(scope).encode("utf-8", "replace"))
        await self._keys.tell(Event.ROLE_REFUSED, scope, who, path=path, **what)


def _unknown(request: Request, name: str, seen: Sequence[str]) -> Response:
    if request.method in ("GET", "HEAD") and wants_page(request):
        return unknown_page(request, name, seen)
    return refusal(request.scope, unknown_archive(name, seen), 404, headers=_NO_ROLE)
