"""The audit log: who changed what, and who was refused, one JSON object a line.

Standard `logging` rotates the files. Several programs write here (a server, and commands of the
shell), so that each line is written under a lock, to a file that is opened for it.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import threading
from datetime import datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import filelock

from qa.answer.records import Answer
from qa.web.access.limits import TokenBuckets
from qa.web.access.roles import Identity
from qa.web.access.tokens import FOLDER, make_private

FILE_NAME = "audit.jsonl"
REFUSALS_NAME = "refusals.jsonl"
QUESTIONS_NAME = "questions.jsonl"
LARGEST_FILE = 10_000_000  # bytes
KEPT_FILES = 10  # older ones beside the present one

_LONGEST_TEXT = 1000  # characters of any value
_MOST_ITEMS = 50
_SECONDS_TO_WAIT = 5.0
# A refusal costs who causes it nothing.
_REFUSALS_PER_MINUTE, _REFUSALS_AT_ONCE = 30, 300

_log = logging.getLogger(__name__)


class Event(StrEnum):
    """What happened."""

    ADDED = "added"
    REMOVED = "removed"
    DATED = "dated"
    LOGIN_FAILED = "login failed"
    ROLE_REFUSED = "role refused"
    TOKEN_CREATED = "token created"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token revoked"  # noqa: S105
    ASKED = "asked"


# Anybody can be refused, and readers ask as much as they like. In files of their own, neither can
# drive the changes out of the files that are kept.
_REFUSALS = frozenset({Event.LOGIN_FAILED, Event.ROLE_REFUSED})
_OTHER_FILES = {Event.ASKED: QUESTIONS_NAME, **dict.fromkeys(_REFUSALS, REFUSALS_NAME)}


class AuditLog:
    """Writes lines to a file, from any thread and any program.

    Refusals and questions go to files of their own beside it. A log that cannot be written stops
    nobody; the log of the program says so, once.
    """

    def __init__(
        self,
        file: Path | None,
        *,
        with_questions: bool = False,
        largest: int = LARGEST_FILE,
        kept: int = KEPT_FILES,
        archive: str | None = None,
    ) -> None:
        """Write to `file`, or nothing without one; questions only if that is asked for.

        `archive` is the name of the archive, which each line says.
        """
        self._file = file
        self._archive = archive
        self._with_questions = with_questions
        self._largest = largest
        self._kept = kept
        self._writing, self._counting = threading.Lock(), threading.Lock()
        self._is_broken = False
        self._refusals = TokenBuckets(_REFUSALS_PER_MINUTE, burst=_REFUSALS_AT_ONCE)
        self._left_out = 0

    @classmethod
    def of_store(
        cls, store: Path, *, with_questions: bool = False, archive: str | None = None
    ) -> AuditLog:
        """Return the log of the archive in a folder, which may be served under a name."""
        return cls(store / FOLDER / FILE_NAME, with_questions=with_questions, archive=archive)

    def write(
        self, event: Event, by: Identity | None = None, *, address: str | None = None, **what: Any
    ) -> None:
        """Write the line of an event; `what` tells more of it, in JSON values, or better.

        Refusals that come too fast are only counted; the next one that is written says how many.
        """
        if self._file is None:
            return
        if event in _REFUSALS:
            with self._counting:
                if self._refusals.take(""):
                    self._left_out += 1
                    return
                what["left_out"], self._left_out = self._left_out, 0
        fields: dict[str, Any] = {
            "time": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "event": event.value,
            "archive": self._archive,
            "user": by.name if by else None,
            "role": by.role.value if by else None,
            "means": by.means.value if by else None,
            "address": address,
        }
        file = self._file.with_name(_OTHER_FILES.get(event, self._file.name))
        self._append(file, line_of({**fields, **what}))

    def question(self, answer: Answer, by: Identity | None) -> None:
        """Write the line of a question that was answered, with its words, if that is asked for."""
        if self._with_questions:
            self.write(Event.ASKED, by, question=answer.question, abstained=answer.abstained)

    def _append(self, file: Path, line: str) -> None:
        try:
            make_private(file.parent)
            with self._writing, filelock.FileLock(f"{file}.lock", timeout=_SECONDS_TO_WAIT):
                handler = _Handler(
                    file, maxBytes=self._largest, backupCount=self._kept, encoding="ascii"
                )
                try:
                    handler.emit(logging.makeLogRecord({"msg": line}))
                finally:
                    handler.close()
            self._is_broken = False
        except OSError as error:  # filelock's time-out is one too
            if not self._is_broken:
                _log.warning("the audit log %s cannot be written: %s", file, error)
            self._is_broken = True


class _Handler(logging.handlers.RotatingFileHandler):
    """A handler whose files only their owner can read, and that raises what goes wrong."""

    def _open(self) -> TextIOWrapper:
        opened = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return TextIOWrapper(os.fdopen(opened, "ab"), encoding=self.encoding)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Raise the error that is being handled."""
        del record
        raise  # noqa: PLE0704 - called in a handler of an error


def line_of(fields: dict[str, Any]) -> str:
    r"""Return one line of ASCII; whatever stands in a value, it begins no second line.

    >>> line_of({"event": "removed", "title": 'Kop\n{"event": "added"}\u2028'})
    '{"event": "removed", "title": "Kop\\n{\\"event\\": \\"added\\"}\\u2028"}'
    """
    return json.dumps({name: _short(value) for name, value in fields.items()})


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[: _LONGEST_TEXT - 1]}…"
    if isinstance(value, list | tuple):
        return [_short(each) for each in value[:_MOST_ITEMS]]
    return value
