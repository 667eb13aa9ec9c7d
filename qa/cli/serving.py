"""`dateline chat`: the page in the browser."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from qa.assistant import Assistant
from qa.cli.archive import progress_bar, show_report
from qa.cli.options import StoreOption, visible
from qa.errors import SettingsError
from qa.ingest import IngestReport
from qa.settings import default_store_path

HostOption = Annotated[
    str,
    typer.Option(
        help="Address to listen on. The default is this machine only; the page has no login."
    ),
]
PortOption = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
ArticlesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--articles",
        help="A file or folder of articles to index first (may be repeated).",
        show_default=False,
    ),
]


def chat(
    *,
    host: HostOption = "127.0.0.1",
    port: PortOption = 7860,
    store: StoreOption = None,
    articles: ArticlesOption = None,
) -> None:
    """Open the page on which the archive can be asked; Ctrl-C ends it.

    Exit code: 1 something failed; 2 wrong usage; 130 stopped.
    """
    serve(store or default_store_path(), articles or [], host=host, port=port)


def serve(
    store: Path, articles: Sequence[Path], *, host: str, port: int, examples: bool = False
) -> None:
    """Serve the page until Ctrl-C, indexing `articles` in the background.

    `examples` offers questions about the seeds.

    Raises:
        SettingsError: the port cannot be had, or there are no such articles.
        KeyboardInterrupt: at the end.
    """
    for path in articles:
        if not path.exists():
            raise SettingsError(
                f"there is nothing at {path}; name a file or folder with --articles"
            )
    with _listen(host, port) as listening, Assistant.open(store, create=True) as assistant:
        _say("starting …")
        from qa.page.served import ServedArchive
        from qa.page.server import create_app, make_server

        with ExitStack() as bar:

            def report(done: IngestReport) -> None:
                bar.close()
                show_report(done)

            def explain(message: str) -> None:
                bar.close()
                _say(message)

            archive = ServedArchive(
                assistant,
                store=store,
                articles=articles,
                on_progress=bar.enter_context(progress_bar("B")),
                on_report=report,
                on_trouble=explain,
            )
            app = create_app(archive, examples=examples, local_only=_is_loopback(listening))
            _say(f"the page is at {_address(listening)} (Ctrl-C ends it)")
            if not _is_loopback(listening):
                _say("anyone who can reach this address can read the archive: there is no login")
            archive.start()
            try:
                make_server(app).run(sockets=[listening])
            finally:
                archive.stop()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow is done.

    Raises:
        SettingsError: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        raise SettingsError(
            f"cannot listen on port {port} of {host} ({reason}); "
            "choose another with --port, or another --host"
        ) from error


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _is_loopback(listening: socket.socket) -> bool:
    return ipaddress.ip_address(listening.getsockname()[0]).is_loopback


def _say(message: str) -> None:
    typer.echo(f"dateline: {visible(message)}", err=True)
