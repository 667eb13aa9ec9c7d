"""Which archive of a server an address names, by a folder or by a parameter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.access.audit import AuditLog
from qa.web.access.proxy import route_of
from qa.web.access.tokens import Tokens

FOLDER = "/archives"
"""The folder of the addresses in which each archive has one of its own."""
PARAMETER = "archive"

_NAMES = "dateline.archives"
_ROOT = "dateline.server_root"
_BELOW = re.compile(rf"{FOLDER}/([^/]+)(?=/|$)")
_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class ArchiveKeys:
    """What access to one archive has of its own: the tokens that open it, and its audit log."""

    tokens: Tokens
    audit: AuditLog


class ArchiveAddresses:
    """Notes which archive an address names: `/archives/NAME/…`, or `?archive=NAME`.

    The folder then counts as a part of the public prefix, so that below it everything is as on a
    server of that archive alone, also for the checks.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`, which asks `archive_of`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the note."""
        if scope["type"] == "http":
            scope = _with_names(scope)
        await self._app(scope, receive, send)


def _with_names(scope: Scope) -> Scope:
    names = _parameter(scope)
    root = scope.get("root_path", "")
    if below := _BELOW.match(route_of(scope)):
        names = names | {below[1]}
        scope = {**scope, "root_path": root + below[0]}
    return {**scope, _NAMES: names, _ROOT: root}


def _parameter(scope: Scope) -> frozenset[str]:
    query = scope.get("query_string", b"").decode("latin-1")
    try:
        given = parse_qs(query, max_num_fields=_MOST_FIELDS).get(PARAMETER, [])
    except ValueError:  # too many parts, which whoever reads them refuses in words
        given = []
    return frozenset(given)


def archives_named(scope: Scope) -> frozenset[str]:
    """Return the names of archives in an address; more than one contradict each other."""
    found = scope.get(_NAMES)
    return found if isinstance(found, frozenset) else frozenset()


def archive_of(scope: Scope) -> str | None:
    """Return the one archive that an address names, which may not exist; else `None`."""
    names = archives_named(scope)
    return next(iter(names)) if len(names) == 1 else None


def unknown_archive(name: str, there: Sequence[str]) -> str:
    """Return the words that say that there is no such archive; `there` are those that are seen."""
    told = f"there are {', '.join(there)}" if there else "leave archive out"
    return f"there is no archive {name[:100]!r}; {told}"


def server_root(scope: Scope) -> str:
    """Return the public prefix of the whole server, without the folder of an archive."""
    return str(scope.get(_ROOT, scope.get("root_path", "")))
