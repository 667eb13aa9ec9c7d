"""The whole examination, in the order in which a person would mend what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from index_store.indexes.milvus_place import MilvusPlace
from qa.diagnosis import installation, machine
from qa.diagnosis.finding import Finding, examined
from qa.diagnosis.storage import StoreExamination


def diagnose(
    store: Path, *, host: str, port: int, now: datetime, index: MilvusPlace | None = None
) -> Iterator[Finding]:
    """Examine the installation, the machine and the archive at `store`; nothing is changed.

    `host` and `port` are those at which the page is to be served. Whatever is broken, every
    subject gets a finding. `index` is where vectors are searched, if not on this machine.
    """
    archive = StoreExamination(store, index)
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("python", installation.examine_python),
        ("packages", installation.examine_packages),
        ("encoder", installation.examine_encoder),
        ("reader", installation.examine_reader),
        ("store", archive.examine_catalog),
        ("index", archive.examine_indexes),
        ("vectors", archive.examine_vectors),
        ("space", archive.examine_space),
        ("writing", archive.examine_writing),
        (
            "clock",
            lambda: machine.examine_clock(
                now, newest=archive.look.newest, written=archive.look.written
            ),
        ),
        ("processor", machine.examine_processor),
        ("memory", machine.examine_memory),
        ("locale", machine.examine_locale),
        ("port", lambda: machine.examine_port(host, port)),
    )
    for subject, examine in parts:
        yield from examined(subject, examine)
