"""Serves the page over one archive or several: opens them, and ends with Ctrl-C or SIGTERM."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from qa.assistant import Assistant
from qa.cli.audit import ingest_teller
from qa.cli.door import access_of, address_of, door_of, listen
from qa.cli.ingest import progress_bar
from qa.cli.ingest_report import show_report
from qa.cli.service import ending_well
from qa.cli.stores import NamedStore, check_stores, open_stores
from qa.errors import SettingsError
from qa.ingest.report import IngestReport
from qa.models.generator.settings import GeneratorSettings
from qa.models.reader.processor import give_each_question_a_core, questions_at_once
from qa.text.control_characters import visible
from qa.web.access.log import AccessLog, LogFormat

if TYPE_CHECKING:
    from qa.answer.records import Answer
    from qa.history.history import History
    from qa.web.access.audit import AuditLog
    from qa.web.access.middleware import Access
    from qa.web.page.conversations import Conversations
    from qa.web.startup import Startup


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


def serve(
    stores: Sequence[NamedStore],
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
        SettingsError: the port is taken, there are no such articles, the page would be open to
            everybody without `--no-auth`, or the stores cannot be served together.
        KeyboardInterrupt: at the end.
    """
    door = door_of(serving, stores)
    log = _log(serving)
    _refuse_missing(articles)
    check_stores(stores, index=index)
    if articles and len(stores) > 1:
        raise SettingsError("--articles is for one archive; fill several with: dateline ingest")
    with ending_well(), listen(serving.host, serving.port) as listening, ExitStack() as opened:
        assistants = open_stores(stores, opened, generator=serving.generator, index=index)
        _say("starting …")
        from qa.web.access.ending import Ending
        from qa.web.access.gate import Gate
        from qa.web.archives import Archives
        from qa.web.served import ServedArchive, Shared, leave_model
        from qa.web.server import create_app, create_app_of_several, make_server

        exchanges = [log.exchange] if log else []
        access = replace(access_of(serving, listening, door, stores), on_exchange=exchanges)
        several = len(stores) > 1
        ending = Ending(on_begin=lambda: leave_model(assistants[0]))
        shared = Shared.of(Gate(questions_at_once()), ending, has_names=several)
        served = []
        for each, assistant in zip(stores, assistants, strict=True):
            audit = access.of_archives[each.name or ""].audit if several else access.audit
            served.append(
                ServedArchive(
                    assistant,
                    store=each.path,
                    name=each.name,
                    startup=_startup(assistant, each.path, articles, opened),
                    on_answer=_answer_teller(serving, log, audit),
                    conversations=_conversations(assistant, each.path, serving, access, opened),
                    shared=shared,
                )
            )
        if several:
            app = create_app_of_several(Archives(served), access=access)
        else:
            app = create_app(served[0], examples=examples, access=access)
        _say(f"the page is at {address_of(listening, access.public)} (Ctrl-C ends it)")
        if serving.no_auth:
            _say("anyone who can reach this address can read the archive: there is no login")
        for archive in served:
            archive.startup.start()
            opened.callback(archive.startup.stop)
        for archive in served:
            opened.callback(archive.startup.ask_to_stop)  # all, before one is waited for
        make_server(app, ending).run(sockets=[listening])


def _startup(
    assistant: Assistant, store: Path, articles: Sequence[Path], opened: ExitStack
) -> Startup:
    """Return what indexes articles, and tells of it on the screen and in the audit log."""
    from qa.web.startup import Startup

    bar = opened.enter_context(ExitStack())

    def report(done: IngestReport) -> None:
        bar.close()
        show_report(done)

    def explain(message: str) -> None:
        bar.close()
        _say(message)

    return Startup(
        assistant,
        store=store,
        articles=articles,
        on_progress=bar.enter_context(progress_bar(repeats=False)) if articles else lambda _: None,
        on_report=report,
        on_end=ingest_teller(store, [str(path) for path in articles]),
        on_trouble=explain,
        on_loading=give_each_question_a_core,
    )


def _answer_teller(
    serving: Serving, log: AccessLog | None, audit: AuditLog
) -> Callable[[Answer], None]:
    """Return what writes questions into the logs, as far as that is asked for."""
    from qa.web.api.gradio_api import identity_of_call

    def answered(answer: Answer) -> None:
        if log is not None and serving.log_questions:
            log.question(answer)
        audit.question(answer, identity_of_call())

    return answered


def _conversations(
    assistant: Assistant, store: Path, serving: Serving, access: Access, opened: ExitStack
) -> Conversations:
    """Return the conversations about an archive, which are kept in its store if they may be."""
    from qa.web.api.gradio_api import identity_of_call
    from qa.web.page.conversation_history import ConversationHistory
    from qa.web.page.conversations import Conversations

    history = _history(store, access, is_wanted=not serving.no_history)
    if history is None:
        return Conversations()
    kept = opened.enter_context(history)
    find = assistant.article
    keeping = ConversationHistory(kept, identity=identity_of_call, find_article=find)
    return Conversations(history=keeping)


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
