"""`--url`: another Dateline server is asked instead of an archive on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import wrong_usage

if TYPE_CHECKING:
    from qa.web.client.remote_archive import RemoteArchive

# What a server has settled for everybody who asks it.
_OF_THE_SERVER = (
    "store",
    "stores",
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

ArchivesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--archive",
        metavar="NAME",
        help="With --url: ask this archive of the server; several are asked as one set of "
        "articles (may be repeated).",
        show_default=False,
    ),
]
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


def check_archives(archives: Sequence[str] | None, url: str | None) -> None:
    """Refuse names of archives where no server is asked.

    Raises:
        typer.BadParameter: there are names, and no address.
    """
    if archives and url is None:
        told = "--archive names an archive of a server, by --url; for one here, give --store"
        raise typer.BadParameter(f"{told} NAME=DIR")


def open_remote(context: typer.Context, url: str, *, own: Iterable[str] = ()) -> RemoteArchive:
    """Return the archive of a server; close it in the end.

    The server knows by the login what the options `own` would say.

    Raises:
        typer.BadParameter: the address or the key cannot be used, or an option was given that the
            server does not take.
    """
    from qa.web.client.remote_archive import RemoteArchive
    from qa.web.client.server_address import ServerAddress

    _refuse(context, _OF_THE_SERVER, "the server has its own")
    _refuse(context, own, "the server knows by the login who asks")
    with wrong_usage():
        return RemoteArchive(ServerAddress.from_environment(url))


def _refuse(context: typer.Context, names: Iterable[str], why: str) -> None:
    options = {each.name: each.opts[0] for each in context.command.params}
    for name in names:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(
                f"{options[name]} cannot stand beside --url: {why}; leave one of them out"
            )
