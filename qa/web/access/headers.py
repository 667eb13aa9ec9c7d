"""Security headers for every response, and paths that are closed."""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.access.languages import LANGUAGES
from qa.web.access.permissions import Need, Permissions
from qa.web.access.proxy import route_of
from qa.web.access.refusals import refusal

# Gradio makes functions out of the scripts of gr.HTML, hence 'unsafe-eval'.
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' "
    "'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' "
    "data:; connect-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'self'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_SECONDS_TO_RETRY = 5  # where there is no room, or nothing is loaded yet

_PAGES = "|".join(LANGUAGES)
_MCP = "/gradio_api/mcp"

_PAGE = re.compile(rf"/({_PAGES})/")
_SOCIAL = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^<>]*>\s*')
_LANG = re.compile(rb'(<html\s+lang=)"\w+"')


def hash_source(content: str) -> str:
    """Return what allows one style or script with this content in a content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def page_policy(page: str) -> str:
    """Return the content security policy of a page that has one style and no scripts."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    return (
        "default-src 'none'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        f"style-src {hash_source(style)}"
    )


class SecurityHeaders:
    """Adds security headers to every response; it is plain ASGI, so that streams stay streams.

    A response that sets its own content security policy keeps it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to the response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if message["status"] == 503:
                    headers.setdefault("Retry-After", str(_SECONDS_TO_RETRY))
            await send(message)

        await self._app(scope, receive, send_with_headers)


class ClosedPaths:
    """Hides what nobody may use, such as much of Gradio, and refuses calls from other sites."""

    def __init__(self, app: ASGIApp, *, permissions: Permissions) -> None:
        self._app = app
        self._permissions = permissions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 404 if the path is closed."""
        if scope["type"] == "http":
            path = route_of(scope)
            if path == _MCP:
                scope = {**scope, "path": f"{scope['path']}/", "raw_path": b""}
            if self._permissions.needed(path) is Need.CLOSED:
                await refusal(scope, "Not Found", 404)(scope, receive, send)
                return
            if _is_from_another_site(scope):
                told = "a page of another site may not call this one"
                await refusal(scope, told, 403)(scope, receive, send)
                return
        elif scope["type"] == "websocket":
            return  # nothing here speaks it
        await self._app(scope, receive, send)


def _is_from_another_site(scope: Scope) -> bool:
    site = dict(scope["headers"]).get(b"sec-fetch-site", b"none")
    return scope["method"] not in ("GET", "HEAD") and site not in (b"none", b"same-origin")


class PageLanguage:
    """Puts the language of the page into its HTML, and removes Gradio's advertising."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressed = GZipMiddleware(self._translated)  # Gradio does not, as for HTML

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and set the language in the HTML of a page."""
        is_page = scope["type"] == "http" and scope["method"] == "GET" and _page_of(scope)
        await (self._compressed if is_page else self._app)(scope, receive, send)

    async def _translated(self, scope: Scope, receive: Receive, send: Send) -> None:
        language = _page_of(scope).encode()
        headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
        start: Message = {}
        body = bytearray()

        async def rewrite(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            html = _LANG.sub(rb'\1"' + language + rb'"', bytes(body), count=1)
            html = _SOCIAL.sub(b"", html)
            MutableHeaders(scope=start)["Content-Length"] = str(len(html))
            await send(start)
            await send({"type": "http.response.body", "body": html})

        await self._app({**scope, "headers": headers}, receive, rewrite)


def _page_of(scope: Scope) -> str:
    """Return the language of the page that a request asks for, or "" if it asks for no page."""
    found = _PAGE.fullmatch(route_of(scope))
    return found[1] if found else ""
