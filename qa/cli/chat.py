"""`dateline chat`: serves the page in the browser, and controls access to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.generator_options import (
    GeneratorModelOption,
    GeneratorOption,
    GeneratorParallelOption,
    GeneratorSourceOption,
    GeneratorTimeoutOption,
    generator_of,
)
from qa.cli.serving import Serving, serve
from qa.cli.stores import NamedStore, StoresOption
from qa.settings import default_store_path
from qa.web.access.log import LogFormat

HostOption = Annotated[
    str,
    typer.Option(
        help="Address to listen on. The default is this machine only; another needs --auth "
        "or --no-auth."
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
AuthOption = Annotated[
    Path | None,
    typer.Option(
        "--auth",
        help="File of users who may log in, made with: dateline passwd USER --file FILE.",
        show_default=False,
    ),
]
NoAuthOption = Annotated[
    bool, typer.Option("--no-auth", help="Let anyone who can reach the address read the archive.")
]
RootPathOption = Annotated[
    str | None,
    typer.Option(
        "--root-path",
        help="Behind a reverse proxy: the path under which readers find the page, such as "
        "/krant, or the whole address, such as https://nieuws.example/krant.",
        show_default=False,
    ),
]
TrustProxyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--trust-proxy",
        metavar="ADDRESS",
        help="Address or network of a reverse proxy whose X-Forwarded-For, -Proto and -Host are "
        "believed (may be repeated).",
        show_default=False,
    ),
]
RateOption = Annotated[
    int,
    typer.Option("--rate", min=0, help="Most calls of one client in a minute; 0 means no limit."),
]
UploadOption = Annotated[
    bool | None,
    typer.Option(
        "--allow-upload/--no-upload",
        help="Let readers add articles from the page, or let nobody. Default: editors; that "
        "is everybody on this machine where nobody logs in.",
        show_default=False,
    ),
]
LogFormatOption = Annotated[
    LogFormat | None,
    typer.Option(
        "--log-format",
        help="Print a line for each request: time, id, method, path without query, status, "
        "milliseconds and bytes. Default: no such lines.",
        show_default=False,
    ),
]
LogQuestionsOption = Annotated[
    bool,
    typer.Option("--log-questions", help="With --log-format: print what is asked as well."),
]
AuthHeaderOption = Annotated[
    str | None,
    typer.Option(
        "--auth-header",
        metavar="NAME",
        help="Header in which a proxy names the user, such as X-Forwarded-User. It is believed "
        "from the addresses of --trust-proxy only, or from this machine if there are none.",
        show_default=False,
    ),
]
AuditQuestionsOption = Annotated[
    bool,
    typer.Option("--audit-questions", help="Write into the audit log what each user asks too."),
]

NoHistoryOption = Annotated[
    bool,
    typer.Option(
        "--no-history",
        help="Keep conversations for a day in memory only. Without it, they are kept in the store "
        "where a login or a server for this machine alone tells whose they are.",
    ),
]


def chat(
    *,
    host: HostOption = "127.0.0.1",
    port: PortOption = 7860,
    stores: StoresOption = None,
    articles: ArticlesOption = None,
    auth: AuthOption = None,
    auth_header: AuthHeaderOption = None,
    no_auth: NoAuthOption = False,
    root_path: RootPathOption = None,
    trust_proxy: TrustProxyOption = None,
    rate: RateOption = 600,
    allow_upload: UploadOption = None,
    log_format: LogFormatOption = None,
    log_questions: LogQuestionsOption = False,
    audit_questions: AuditQuestionsOption = False,
    no_history: NoHistoryOption = False,
    generator: GeneratorOption = None,
    generator_model: GeneratorModelOption = None,
    generator_timeout: GeneratorTimeoutOption = None,
    generator_source: GeneratorSourceOption = None,
    generator_parallel: GeneratorParallelOption = None,
) -> None:
    """Open the page on which you ask the archive; Ctrl-C ends it.

    SIGTERM lets questions in work be finished first, for at most 20 seconds.

    Exit code: 0 ended by SIGTERM; 1 something failed; 2 wrong usage; 130 stopped.
    """
    asking = generator_of(locals())
    serving = Serving(
        *(host, port, auth, no_auth, root_path, trust_proxy or (), rate, allow_upload, asking),
        log_format=log_format,
        log_questions=log_questions,
        auth_header=auth_header,
        audit_questions=audit_questions,
        no_history=no_history,
    )
    serve(stores or [NamedStore(None, default_store_path())], articles or [], serving)
