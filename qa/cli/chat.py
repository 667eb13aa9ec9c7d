"""`dateline chat`: serves the page in the browser, and controls access to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.assistant import Assistant
from qa.cli.audit import ingest_teller
from qa.cli.door import access_of, address_of, door_of, listen
from qa.cli.generator_options import (
    GeneratorModelOption,
    GeneratorOption,
    GeneratorParallelOption,
    GeneratorSourceOption,
    GeneratorTimeoutOption,
    generator_of,
)
from qa.cli.ingest import progress_bar
from qa.cli.ingest_report import show_report
from qa.cli.options import StoreOption
from qa.cli.service import ending_well
from qa.errors import SettingsError
from qa.ingest.report import IngestReport
from qa.models.generator.settings import GeneratorSettings
from qa.settings import default_store_path
from qa.text.control_characters import visible
from qa.web.access.log import AccessLog, LogFormat

if TYPE_CHECKING:
    from qa.answer.records import Answer
    from qa.history.history import History
    from qa.web.access.middleware import Access

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


@dataclass(frozen=True, slots=True)
class Serving:
    """How the page is served, as given on the command line: address, access, language model."""

    host: str
    port: int
    auth: Path | None
    no_auth: bool
    root_path: str | None
    trust_proxy: Sequence[str]
    rate: int
    allow_upload: bool | None = None
    generator: GeneratorSettings | None = None
    log_format: LogFormat | None = None
    log_questions: bool = False
    auth_header: str | None = None
    audit_questions: bool = False
    no_history: bool = False


def chat(
    *,
    host: HostOption = "127.0.0.1",
    port: PortOption = 7860,
    store: StoreOption = None,
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
    serve(store or default_store_path(), articles or [], serving)


def serve(
    store: Path,
    articles: Sequence[Path],
    serving: Serving,
    *,
    examples: bool = False,
    index: str | None = None,
) -> None:
    """Serve the page until Ctrl-C or SIGTERM, indexing `articles` in the background.

    After SIGTERM, questions in work are still answered, and then the command ends well. `examples`
    shows questions about the seeds. `index` is that of `Assistant.open`.

    Raises:
        SettingsError: the port is taken, there are no such articles, or the page would be open to
            everybody without `--no-auth`.
        KeyboardInterrupt: at the end.
    """
    door = door_of(serving)
    log = _log(serving)
    _refuse_missing(articles)
    with (
        ending_well(),
        listen(serving.host, serving.port) as listening,
        Assistant.open(store, create=True, generator=serving.generator, index=index) as assistant,
    ):
        _say("starting …")
        from qa.web.api.gradio_api import identity_of_call
        from qa.web.page.conversation_history import ConversationHistory
        from qa.web.page.conversations import Conversations
        from qa.web.served import ServedArchive
        from qa.web.server import create_app, make_server
        from qa.web.startup import Startup

        access = replace(
            access_of(serving, listening, door, store), on_exchange=[log.exchange] if log else []
        )

        keeping = None
        if (history := _history(store, access, is_wanted=not serving.no_history)) is not None:
            keeping = ConversationHistory(
                history, identity=identity_of_call, find_article=assistant.article
            )

        def answered(answer: Answer) -> None:
            if log is not None and serving.log_questions:
                log.question(answer)
            access.audit.question(answer, identity_of_call())

        with ExitStack() as bar, history or nullcontext():

            def report(done: IngestReport) -> None:
                bar.close()
                show_report(done)

            def explain(message: str) -> None:
                bar.close()
                _say(message)

            startup = Startup(
                assistant,
                store=store,
                articles=articles,
                on_progress=bar.enter_context(progress_bar("B")),
                on_report=report,
                on_end=ingest_teller(store, [str(path) for path in articles]),
                on_trouble=explain,
            )
            archive = ServedArchive(
                assistant,
                store=store,
                startup=startup,
                on_answer=answered,
                conversations=Conversations(history=keeping),
            )
            app = create_app(archive, examples=examples, access=access)
            _say(f"the page is at {address_of(listening, access.public)} (Ctrl-C ends it)")
            if serving.no_auth:
                _say("anyone who can reach this address can read the archive: there is no login")
            startup.start()
            try:
                make_server(app, archive.ending).run(sockets=[listening])
            finally:
                startup.stop()


def _history(store: Path, access: Access, *, is_wanted: bool) -> History | None:
    """Open the history of the store; without one, because it is damaged, the server goes on."""
    from qa.history.history import FILE_NAME, History
    from qa.history.schema import HistoryError

    if not (is_wanted and access.keeps_history):
        return None
    try:
        history = History(store / FILE_NAME)
    except HistoryError as error:
        _say(f"no conversations are kept: {error}")
        return None
    if history.is_in_memory:
        _say("the store can only be read: conversations are kept until the server ends")
    return history


def _refuse_missing(articles: Sequence[Path]) -> None:
    for path in articles:
        if not path.exists():
            raise SettingsError(
                f"there is nothing at {path}; name a file or folder with --articles"
            )


def _log(serving: Serving) -> AccessLog | None:
    """Return the access log, if one was asked for.

    Raises:
        SettingsError: questions are to be logged, and nothing says how.
    """
    if serving.log_format is not None:
        return AccessLog(serving.log_format, sys.stdout)
    if serving.log_questions:
        raise SettingsError("--log-questions needs --log-format text or --log-format json")
    return None


def _say(message: str) -> None:
    typer.echo(f"dateline: {visible(message)}", err=True)
