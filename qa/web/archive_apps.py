"""Several archives in one server: each request goes to the application of its archive."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.access.archive_address import FOLDER, PARAMETER, archives_named, server_root
from qa.web.access.languages import LANGUAGES
from qa.web.access.local import PATH as METRICS
from qa.web.access.proxy import route_of
from qa.web.access.refusals import refusal
from qa.web.access.roles import identity_of
from qa.web.archives import Archives
from qa.web.served import ServedArchive
from qa.web.served_union import ServedUnion
from qa.web.status_page import PATH as STATUS

_PAGES = ("/", *(f"/{language}{end}" for language in LANGUAGES for end in ("", "/")))
JOINT = frozenset({"/matches.csv", "/matches.jsonl", "/matches/count", "/matches/by"})
"""The paths that search several archives at once, if the address names several."""

_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class ByArchive:
    """Passes a request on to the application of the archive that its address names.

    What names none goes to `server`, which knows all archives, as does a search of several.
    """

    def __init__(self, server: ASGIApp, archives: Archives, apps: Mapping[str, ASGIApp]) -> None:
        """Choose among `apps`, which stand by the names of their archives."""
        self._server = server
        self._archives = archives
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse one that names no archive of this server."""
        names = archives_named(scope)
        if not names or identity_of(scope) is None:  # whom nobody was asked for gets what is open
            await self._server(scope, receive, send)
            return
        if refused := self._refused(scope, names):
            await refused(scope, receive, send)
        elif len(names) > 1:
            await self._server(scope, receive, send)
        else:
            (name,) = names
            await (_way_to_page(scope, name) or self._apps[name])(scope, receive, send)

    def _refused(self, scope: Scope, names: frozenset[str]) -> Response | None:
        seen = self._archives.seen_by(identity_of(scope))
        if hidden := sorted(names - set(seen.names)):
            return refusal(scope, seen.unknown(hidden[0]), 404)
        if len(names) > 1 and not _is_joint(scope):
            told = f"the address names several archives: {', '.join(sorted(names))}; name one"
            return refusal(scope, told[:300], 400)
        if route_of(scope) in (METRICS, STATUS):
            return refusal(scope, f"this is of the whole server; ask {route_of(scope)} there", 404)
        return None


def _is_joint(scope: Scope) -> bool:
    """Tell whether a request searches several archives at once; each has its page by itself."""
    return scope["root_path"] == server_root(scope) and route_of(scope) in JOINT


def chosen_archives(archives: Archives, request: Request) -> ServedArchive | ServedUnion:
    """Return the archives that a request names, among those that its sender may read.

    Raises:
        SettingsError: it names one that is not there, or none.
    """
    seen = archives.seen_by(identity_of(request.scope))
    return seen.choose_some(request.query_params.getlist(PARAMETER))


def _way_to_page(scope: Scope, name: str) -> Response | None:
    """Return the redirect to a page of an archive, if that is asked for elsewhere.

    Its scripts call what stands beside it, so that its folder must name the archive.
    """
    route, root = route_of(scope), server_root(scope)
    is_below = scope["root_path"] != root
    is_folder = is_below and scope["path"] == scope["root_path"]
    if is_folder or (not is_below and route in _PAGES):
        return _redirect(root, name, route, scope["query_string"].decode("latin-1"))
    return None


def _redirect(root: str, name: str, route: str, query: str) -> Response:
    parts = [each for each in parse_qsl(query, keep_blank_values=True) if each[0] != PARAMETER]
    rest = f"?{urlencode(parts)}" if parts else ""
    return RedirectResponse(f"{root}{FOLDER}/{name}{route}{rest}", 307)


def add_choice(app: FastAPI, archives: Archives, one: FastAPI) -> None:
    """Let the application of a server lead to the page of the first archive that somebody sees.

    All other routes that `one`, the application of an archive, has beyond it ask for an archive.
    """

    def open_first(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        first = archives.seen_by(identity_of(request.scope)).names[0]
        return _redirect(root, first, route_of(request.scope), request.url.query)

    def ask(request: Request) -> Response:
        seen = archives.seen_by(identity_of(request.scope))
        return refusal(request.scope, seen.ask_for_name(), 400)

    for language in LANGUAGES:
        app.add_api_route(f"/{language}/", open_first, methods=["GET", "HEAD"])
    there = {route.path for route in app.routes if isinstance(route, APIRoute)}
    for route in one.routes:
        if isinstance(route, APIRoute) and route.path not in there:
            app.add_api_route(route.path, ask, methods=_ALL_METHODS)
