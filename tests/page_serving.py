"""The real page on a free port, for the tests of its interface and those in a browser."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp

from qa.assistant import Assistant
from qa.web.access.gate import Gate
from qa.web.access.middleware import Access
from qa.web.archives import Archives
from qa.web.connections import BoundedConnection
from qa.web.served import ServedArchive
from qa.web.server import create_app, create_app_of_several, make_server
from qa.web.startup import Startup

# Every kind of text that some layer might take for a command.
HOSTILE = (
    "<script>window.pwned = 1</script> <img src=x onerror='window.pwned = 2'> "
    "${window.pwned = 3} {{constructor.constructor('window.pwned = 4')()}} `${1}` \\u0041 \\n "
    "![beeld](http://192.0.2.1/a.png) [link](javascript:window.pwned=5) **vet** $$x$$ &lt; "
    "tab\there \u202eomgekeerd\u202c \U0001f600\U00020000 </textarea></style>"
)

# Gradio 6.31 counts how busy its queue is in a way that pandas 3 has deprecated.
PANDAS_WARNINGS = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs in a thread."""

    address: str
    archive: ServedArchive
    server: uvicorn.Server
    thread: threading.Thread


@contextmanager
def serving(
    assistant: Assistant,
    store: Path,
    *,
    articles: tuple[Path, ...] = (),
    examples: bool = False,
    access: Access | None = None,
    gate: Gate | None = None,
) -> Iterator[str]:
    """Serve the page over `assistant` in a thread; yield its address."""
    archive = ServedArchive(
        assistant,
        store=store,
        startup=Startup(assistant, store=store, articles=articles),
        gate=gate,
    )
    with running(archive, examples=examples, access=access) as served:
        yield served.address


@contextmanager
def running(
    archive: ServedArchive,
    *,
    examples: bool = False,
    access: Access | None = None,
    protocol: type[asyncio.Protocol] = BoundedConnection,
) -> Iterator[Served]:
    """Serve the page over `archive` in a thread, until the block or the server ends."""

    def make_app() -> ASGIApp:
        return create_app(archive, examples=examples, access=access)

    with _in_thread(make_app, [archive], protocol) as served:
        yield served


@contextmanager
def running_several(archives: Archives, access: Access) -> Iterator[Served]:
    """Serve several archives in a thread, until the block or the server ends."""

    def make_app() -> ASGIApp:
        return create_app_of_several(archives, access=access)

    with _in_thread(make_app, list(archives), BoundedConnection) as served:
        yield served


@contextmanager
def _in_thread(
    make_app: Callable[[], ASGIApp],
    archives: Sequence[ServedArchive],
    protocol: type[asyncio.Protocol],
) -> Iterator[Served]:
    archive = archives[0]
    listening = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []

    def run() -> None:
        servers.append(make_server(make_app(), archive.ending, protocol=protocol))
        for each in archives:
            each.startup.start()
        servers[0].run(sockets=[listening])

    # All of it in the thread: this one may be running the event loop of Playwright.
    thread = threading.Thread(target=run)
    thread.start()
    try:
        while not (servers and servers[0].started):
            assert thread.is_alive()
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        yield Served(address, archive, servers[0], thread)
    finally:
        # What a page is reading is read to its end, as at SIGTERM, and not cut off with a 500.
        if not archive.ending.is_idle:
            archive.ending.begin()
        elif servers:
            servers[0].should_exit = True
        thread.join()
        for each in archives:
            each.startup.stop()
        listening.close()
