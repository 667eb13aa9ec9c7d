"""Two archives for one server, which answer the same question in different words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from index_store.local import LocalStore
from qa.answer.records import Answer
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.history.history import FILE_NAME, History
from qa.models.loading import Models
from qa.web.access.archive_address import ArchiveKeys
from qa.web.access.audit import AuditLog
from qa.web.access.ending import Ending
from qa.web.access.gate import Gate
from qa.web.access.middleware import Access
from qa.web.access.roles import Role
from qa.web.access.tokens import Tokens
from qa.web.api.gradio_api import identity_of_call
from qa.web.archives import Archives
from qa.web.page.conversation_history import ConversationHistory
from qa.web.page.conversations import Conversations
from qa.web.served import ServedArchive, Shared
from tests.page_serving import running_several
from tests.web.test_ending import wait_until

TEXTS = {
    "zeeland": "De purperreiger staat in de sloot bij Aardenburg.",
    "drenthe": "De purperreiger staat in het veen bij Emmen.",
}
QUESTION = "Waar staat de purperreiger?"
NAMES = tuple(TEXTS)


def two_archives(
    folder: Path, opened: ExitStack, *, on_answer: Callable[[Answer], None] = lambda _: None
) -> tuple[Archives, dict[str, ArchiveKeys]]:
    """Return two archives with one set of models, and what opens each; `opened` closes them."""
    encoder = HashEncoder()
    models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: WordReader())
    shared = Shared.of(Gate(), Ending(), has_names=True)
    served, keys = [], {}
    for name, text in TEXTS.items():
        store = folder / name
        archive = Archive(LocalStore(store, create=True), models, name=name)
        assistant = opened.enter_context(Assistant(archive))
        (folder / "stuk.txt").write_text(text, encoding="utf-8")
        assistant.ingest([folder / "stuk.txt"])
        keys[name] = ArchiveKeys(Tokens.of_store(store), AuditLog.of_store(store, archive=name))
        history = opened.enter_context(History(store / FILE_NAME))
        kept = Conversations(
            history=ConversationHistory(
                history, identity=identity_of_call, find_article=assistant.article
            )
        )
        how: dict[str, Any] = {"shared": shared, "conversations": kept, "on_answer": on_answer}
        served.append(ServedArchive(assistant, store=store, name=name, **how))
    return Archives(served), keys


@contextmanager
def two_archives_served(folder: Path) -> Iterator[tuple[str, Archives]]:
    """Yield the address of a server of both, where whoever is at this machine is an editor."""
    with ExitStack() as opened:
        archives, keys = two_archives(folder, opened)
        access = Access(
            audit=keys[NAMES[0]].audit,
            of_archives=keys,
            anonymous=None,
            anonymous_here=Role.EDITOR,
        )
        with running_several(archives, access) as running:
            wait_until(lambda: all(each.startup.is_ready() for each in archives))
            yield running.address, archives
