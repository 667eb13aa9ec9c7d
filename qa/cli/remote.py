"""`--url`: another Dateline server is asked instead of an archive on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import wrong_usage

if TYPE_CHECKING:
    from qa.web.client.remote_archive import RemoteArchive

# What a server has settled for everybody who asks it.
_OF_THE_SERVER = (
    "store",
    "index",
    "encoder",
    "reader",
    "threshold",
    "generator",
    "generator_model",
    "generator_timeout",
    "generator_source",
    "generator_parallel",
    "per_article",
)

UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        help="Ask the server of `dateline chat` at this address instead, such as "
        "http://127.0.0.1:7860; DATELINE_TOKEN holds a token or USER:PASSWORD for it.",
        show_default=False,
    ),
]


def open_remote(
    context: typer.Context, url: str, *, not_asked: Iterable[str] = ()
) -> RemoteArchive:
    """Return the archive of a server; close it in the end. It cannot do the options `not_asked`.

    Raises:
        typer.BadParameter: the address or the key cannot be used, or an option was given that the
            server does not take.
    """
    from qa.web.client.remote_archive import RemoteArchive
    from qa.web.client.server_address import ServerAddress

    _refuse(context, _OF_THE_SERVER, "the server has its own")
    _refuse(context, not_asked, "it needs the archive itself")
    with wrong_usage():
        return RemoteArchive(ServerAddress.from_environment(url))


def _refuse(context: typer.Context, names: Iterable[str], why: str) -> None:
    for name in names:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = f"--{name.replace('_', '-')}"
            raise typer.BadParameter(
                f"{option} cannot stand beside --url: {why}; leave one of them out"
            )
