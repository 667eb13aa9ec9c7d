"""Serving the page: FastAPI around Gradio, security headers, and a clean end."""

from __future__ import annotations

import asyncio
import logging
import socket

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.page.blocks import HERE, I18N, build_page
from qa.page.served import Phase, ServedArchive
from qa.page.theme import theme

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
}

_LOCAL_HOSTS = ["localhost", "127.0.0.1", "::1", "[::1]"]


class SecurityHeaders:
    """Adds headers to every answer; plain ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def create_app(
    archive: ServedArchive, *, examples: bool = False, local_only: bool = True
) -> FastAPI:
    """Return the web application over one archive.

    With `local_only` it answers to this machine's own names: a page elsewhere whose name is made
    to lead here (DNS rebinding) is refused.
    """
    # In an event loop: outside one, Gradio makes four and closes none.
    return asyncio.run(_create_app(archive, examples=examples, local_only=local_only))


async def _create_app(archive: ServedArchive, *, examples: bool, local_only: bool) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    if local_only:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=_LOCAL_HOSTS)
    app.add_middleware(SecurityHeaders)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        phase = archive.state().phase
        ready = phase in (Phase.READY, Phase.EMPTY)
        return JSONResponse({"state": phase}, status_code=200 if ready else 503)

    @app.get("/favicon.ico")
    def favicon() -> FileResponse:
        return FileResponse(HERE / "favicon.svg", media_type="image/svg+xml")

    gr.mount_gradio_app(
        app,
        build_page(archive, examples=examples),
        path="/",
        theme=theme(),
        css_paths=HERE / "page.css",
        head_paths=HERE / "head.html",
        i18n=I18N,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        mcp_server=False,
    )
    return app


class _Server(uvicorn.Server):
    """Ends without a word about the streams it cuts off: every open page holds one."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def make_server(app: FastAPI) -> uvicorn.Server:
    """Return a server for the application; `run(sockets=[…])` serves until Ctrl-C."""
    return _Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
