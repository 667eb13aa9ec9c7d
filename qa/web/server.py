"""The server: the pages, the API and the tools in one application, with a clean shutdown."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any, cast

import anyio
import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from qa.errors import DatelineError
from qa.web.access.archive_address import FOLDER as ARCHIVES
from qa.web.access.ending import STOPPING, Closing, Ending
from qa.web.access.exchange import Exchanges
from qa.web.access.languages import LANGUAGES, preferred_language
from qa.web.access.local import MetricsRoute
from qa.web.access.middleware import Access, guarded
from qa.web.access.refusals import OPENAI_ROOT
from qa.web.access.roles import identity_of
from qa.web.api.basket import BasketRoutes
from qa.web.api.changes import Changes
from qa.web.api.chat_completions import ChatCompletions
from qa.web.api.gradio_api import build_api, explain_calls, identity_of_call
from qa.web.api.history import HistoryRoutes
from qa.web.api.mcp_tools import build_tools, can_serve_tools, serve_tools
from qa.web.api.reading import serve_article, serve_counts, serve_words
from qa.web.api.searches import SearchRoutes
from qa.web.archive_apps import ByArchive, add_choice, chosen_archives
from qa.web.archive_state import Phase
from qa.web.archives import Archives
from qa.web.connections import BoundedConnection
from qa.web.help_page import serve_help
from qa.web.match_download import serve_matches
from qa.web.page.assets import HERE, dress
from qa.web.page.beside import Beside
from qa.web.page.blocks import build_page
from qa.web.served import ServedArchive
from qa.web.uploads.staging import Incoming
from qa.web.uploads.upload import Additions

_THREADS = 120  # those that wait at the gate hold one each
_LOOKING = ["GET", "HEAD"]


def create_app(
    archive: ServedArchive, *, examples: bool = False, access: Access | None = None
) -> ASGIApp:
    """Return the web application over one archive."""
    # In an event loop: outside one, Gradio makes four and closes none.
    access = access or Access()
    app = asyncio.run(bare_app(archive, examples=examples, access=access))
    return _behind_door(app, archive, access, name=archive.name)


def create_app_of_several(archives: Archives, *, access: Access) -> ASGIApp:
    """Return the web application over several archives, whose keys stand in `access`.

    Each has an application of its own, as if it were alone; the checks stand before all of them.
    """
    first = next(iter(archives))
    return _behind_door(asyncio.run(_several(archives, access)), first, access)


def _behind_door(
    app: ASGIApp, archive: ServedArchive, access: Access, *, name: str | None = None
) -> ASGIApp:
    """Put the checks before an application; of several, any archive tells what they share."""
    metrics, header = archive.metrics, access.auth_header
    inner = guarded(Closing(app, ending=archive.ending), access, name=name)
    door = MetricsRoute(inner, metrics=metrics, status=archive.status, proxy_header=header)
    return Exchanges(door, tell=(metrics.count_exchange, *access.on_exchange))


async def _several(archives: Archives, access: Access) -> ASGIApp:
    apps = {}
    for name, keys in access.of_archives.items():
        own = replace(access, tokens=keys.tokens, audit=keys.audit)
        chosen = archives.choose(name)
        apps[name] = await bare_app(chosen, examples=False, access=own, among=archives)
    tools = build_tools(archives) if can_serve_tools() else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for each in apps.values():
                await running.enter_async_context(each.router.lifespan_context(each))
            if tools is not None:
                await running.enter_async_context(tools.session_manager.run())
            yield

    app = _plain_app(archives, lifespan)
    first, names = next(iter(archives)), archives.names
    Changes(first, audit=access.audit, adding=access.adding, names=names).serve_overview(app)
    _add_ways(app)
    ChatCompletions(archives).serve(app)
    serve_matches(app, partial(chosen_archives, archives))
    serve_counts(app, partial(chosen_archives, archives))
    serve_help(app)
    serve_tools(app, tools)
    add_choice(app, archives, next(iter(apps.values())))
    explain_calls(_mount(app, build_api(archives), path="/"))  # the last: it takes all the others
    return ByArchive(app, archives, apps)


def _plain_app(archives: Archives, lifespan: Callable[[FastAPI], Any]) -> FastAPI:
    """Return an application that says how the archives are, and which there are."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @app.api_route("/healthz", methods=_LOOKING)
    def healthz() -> JSONResponse:
        return _health(archives)

    @app.api_route("/favicon.ico", methods=_LOOKING)
    def favicon() -> FileResponse:
        return FileResponse(HERE / "favicon.svg", media_type="image/svg+xml")

    @app.api_route(ARCHIVES, methods=["GET"])
    def listing(request: Request) -> JSONResponse:
        seen = archives.seen_by(identity_of(request.scope))
        told = [{"name": each.name, "articles": _articles_of(each)} for each in seen]
        return JSONResponse({"archives": told})

    return app


async def bare_app(
    archive: ServedArchive, *, examples: bool, access: Access, among: Archives | None = None
) -> FastAPI:
    """Return the application without the checks that stand before it: it trusts every request.

    `among` are all archives of the server, if it has several.
    """
    archives = Archives([archive])
    tools = build_tools(archives) if can_serve_tools() else None
    incoming = Incoming(archive.incoming_folder)  # what was left there goes, whoever may add now
    additions = Additions(archive, incoming, audit=access.audit)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        async with AsyncExitStack() as running:
            running.callback(incoming.close)
            running.callback(additions.close)
            if tools is not None:
                await running.enter_async_context(tools.session_manager.run())
            yield

    app = _plain_app(archives, lifespan)
    if access.adding:
        additions.serve(app)
    own_names = among.names if among else [archive.name or ""]
    Changes(archive, audit=access.audit, adding=access.adding, names=own_names).serve(app)
    _add_ways(app)
    ChatCompletions(archives).serve(app)
    serve_matches(app, lambda _: archive)
    serve_counts(app, lambda _: archive)
    serve_words(app, archive)
    serve_article(app, archive)
    serve_help(app)
    HistoryRoutes(archive.conversations).serve(app)
    BasketRoutes(archive, among).serve(app)
    SearchRoutes(archive).serve(app)
    serve_tools(app, tools)
    # A user of a trusted proxy logs out there.
    shown = {"adding": access.adding is not None, "login": access.has_form}
    keeps = archive.conversations.history is not None
    beside = Beside(archive, among, identity=identity_of_call) if among else None
    if beside is not None:
        archive.conversations.look_beside(beside)
    for language in LANGUAGES:
        page = build_page(archive, language=language, examples=examples, beside=beside, **shown)
        explain_calls(_mount(app, page, path=f"/{language}", **dress(language, keeps=keeps)))
    explain_calls(_mount(app, build_api(archives), path="/"))  # the last: it takes all the others
    return app


def _articles_of(archive: ServedArchive) -> int | None:
    """Return the number of articles; `None` if the archive cannot be read now."""
    try:
        return archive.count()
    except DatelineError:
        return None


def _health(archives: Archives) -> JSONResponse:
    """Tell the state; of several archives, that of one that is not ready, if there is one."""
    if any(each.ending.is_begun for each in archives):
        return JSONResponse({"state": STOPPING}, status_code=503)
    told = sorted((_health_of(each) for each in archives), key=lambda found: found[1])
    state, ready = told[0]
    return JSONResponse({"state": state}, status_code=200 if ready else 503)


def _health_of(archive: ServedArchive) -> tuple[Phase, bool]:
    state = archive.startup.state()
    ready = archive.startup.is_ready() and state.phase in (Phase.READY, Phase.EMPTY)
    return (state.phase if ready or state.phase is not Phase.READY else Phase.OPENING), ready


def _add_ways(app: FastAPI) -> None:
    """Add the routes that lead readers to a page."""
    app.add_api_route("/", _choose_language, methods=_LOOKING)
    for language in LANGUAGES:
        app.add_api_route(f"/{language}", _add_slash, methods=_LOOKING)


def _choose_language(request: Request) -> Response:
    """Redirect a reader to the page in their language; tell a program the addresses of the API.

    `gradio_client` never requests this path.
    """
    root = request.scope.get("root_path", "")
    vary = {"Vary": "Accept, Accept-Language"}
    if "text/html" in request.headers.get("accept", ""):
        language = preferred_language(request.headers.get("accept-language", ""))
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{root}/{language}/{query}", 307, headers=vary)
    places = {name: f"{root}/{name}/" for name in LANGUAGES}
    told = {"pages": places, "api": f"{root}/gradio_api/info", "openai": f"{root}{OPENAI_ROOT}"}
    return JSONResponse(told, headers=vary)


def _add_slash(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.url.path}/{query}", 307)


def _mount(app: FastAPI, blocks: gr.Blocks, *, path: str, **shown: Any) -> FastAPI:
    gr.mount_gradio_app(
        app,
        blocks,
        path=path,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        mcp_server=False,
        **shown,
    )
    mounted = app.routes[-1]
    return cast("FastAPI", cast("Mount", mounted).app)


class _Server(uvicorn.Server):
    """A server that lets questions in work be finished at SIGTERM, and then closes all streams.

    Every open page has a stream, so that streams are closed without messages.
    """

    def __init__(self, config: uvicorn.Config, ending: Ending) -> None:
        super().__init__(config)
        self._ending = ending
        self._is_asked_to_end = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the end at the first SIGTERM; end at once at Ctrl-C and at a second SIGTERM."""
        if sig == signal.SIGTERM and not self._is_asked_to_end:
            self._is_asked_to_end = True  # a signal comes at any place, so that no lock is taken
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether the server ends."""
        if self._is_asked_to_end:
            self._ending.begin()
        self.should_exit |= self._ending.may_close()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._ending.be_over()
        await super().shutdown(sockets)


def make_server(
    app: ASGIApp, ending: Ending, *, protocol: type[asyncio.Protocol] = BoundedConnection
) -> uvicorn.Server:
    """Return a server for the application; `run(sockets=[…])` serves until a signal ends it.

    SIGTERM begins `ending` and returns after it. Ctrl-C raises `KeyboardInterrupt`.
    """
    config = uvicorn.Config(
        app,
        http=protocol,
        log_level="warning",
        timeout_graceful_shutdown=1,
        proxy_headers=False,  # `Proxied` sees to them
        server_header=False,
    )
    return _Server(config, ending)
