"""One upload on its way: it is read, it may wait for the decision of its sender, it is taken in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from starlette.types import Scope

from qa.dates.stated import DateOrder
from qa.ingest.ingester import Progress
from qa.ingest.preview import IngestPreview
from qa.ingest.refusals import Refusal, Skipped
from qa.ingest.report import IngestReport
from qa.web.access.proxy import address_of
from qa.web.access.roles import Identity, identity_of

SECONDS_TO_DECIDE = 600.0  # since the page looked last; an open page looks every minute
SECONDS_BETWEEN_LOOKS = 5.0


class Decision(StrEnum):
    """What its sender wants to be done with an upload that was tried."""

    TAKE_IN = "take in"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent or decided on an upload, for the audit log."""

    identity: Identity | None = None
    address: str | None = None

    @classmethod
    def of(cls, scope: Scope) -> Sender:
        """Return who sent a request."""
        return cls(identity_of(scope), address_of(scope))


class DroppedError(Exception):
    """The sender dropped the upload while it was being read."""


@dataclass(slots=True, eq=False)
class Addition:
    """An upload and its result; `trouble` is "locked", "failed" or nothing.

    With `is_dry_run`, the files are only read at first, and wait until `decide` says what to do
    with them. Until then, `read_again` lets them be read with another `date_order`, which is that
    of the columns of which no date shows it. `done` tells that there is nothing to be seen to come:
    a report, or a preview that waits. Use it from any thread.
    """

    client: str = ""
    is_dry_run: bool = False
    date_order: DateOrder | None = None
    folder: Path = field(default_factory=Path)
    refused: list[Refusal] = field(default_factory=list)
    skipped: int = 0  # of what was in a zip, before the archive saw it
    passed_over: list[Skipped] = field(default_factory=list)  # the first of these
    done: bool = False
    progress: Progress | None = None
    preview: IngestPreview | None = None
    report: IngestReport | None = None
    trouble: str | None = None
    message: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)  # the message by language, if it has any
    articles: int = 0
    stored: int = 0  # of its articles, also if it stopped half-way
    clock: Callable[[], float] = time.monotonic
    by: Sender = field(default_factory=Sender)
    _looked: float = 0.0
    _decision: Decision | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        """Begin to count the time in which the sender may decide."""
        self.look()

    @property
    def is_waiting(self) -> bool:
        """Whether the files were read, and their sender has not decided yet."""
        return self.preview is not None and self._decision is None

    @property
    def is_dropped(self) -> bool:
        """Whether the sender dropped the files, or did not decide in time."""
        return self._decision is Decision.DROP

    def look(self) -> None:
        """Note that the page of the sender is still there."""
        self._looked = self.clock()

    def advance(self, progress: Progress) -> None:
        """Note how far reading is.

        Raises:
            DroppedError: the sender dropped the files meanwhile.
        """
        if self.is_dropped:
            raise DroppedError
        self.progress = progress

    def fail(self, texts: Mapping[str, str]) -> None:
        """Note why not all was stored, in each language."""
        self.trouble, self.message, self.texts = "failed", texts["en"], texts

    def offer(self, preview: IngestPreview) -> None:
        """Show the sender what would be taken in, and wait for the decision from now on."""
        with self._changed:
            self.preview, self.done = preview, True
            self.look()

    def offer_again(self) -> None:
        """Let the sender decide once more, because nothing could be taken in now."""
        with self._changed:
            if not self.is_dropped:
                self._decision, self.done = None, True
            self.look()

    def read_again(self, order: DateOrder) -> bool:
        """Let the files be read with this order; return whether they wait, and thus can be."""
        with self._changed:
            if not self.is_waiting:
                return False
            self.date_order, self.preview, self.progress, self.trouble = order, None, None, None
            self.done = False
            self._changed.notify_all()
            return True

    def decide(self, decision: Decision, by: Sender | None = None) -> bool:
        """Take the decision of the sender; return whether it still counts.

        Files can be taken in once their preview is there. They can be dropped until then, and as
        long as nothing is decided.
        """
        with self._changed:
            counts = self.is_dry_run and self._decision is None
            if decision is Decision.TAKE_IN:
                counts = counts and self.is_waiting
            if not counts:
                return False
            self._decision, self.by = decision, by or self.by
            if decision is Decision.TAKE_IN:
                self.done, self.progress, self.trouble = False, None, None
            self._changed.notify_all()
            return True

    def decision(self) -> Decision | None:
        """Wait for the decision of the sender; `None` wants the files to be read again.

        Files whose page is gone are dropped in the end.
        """
        with self._changed:
            while self.is_waiting:
                self._changed.wait(SECONDS_BETWEEN_LOOKS)
                if self._decision is None and self.clock() >= self._looked + SECONDS_TO_DECIDE:
                    self._decision = Decision.DROP
            return self._decision
