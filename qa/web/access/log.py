"""The access log: one line a request, and, if that was asked for, one line a question."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from qa.answer.records import Answer
    from qa.web.access.exchange import Exchange


class LogFormat(StrEnum):
    """How a line is written: with spaces between the fields, or as a JSON object."""

    TEXT = "text"
    JSON = "json"


class AccessLog:
    """Writes whole lines to a stream, from any thread.

    A line says the time, id, method, path without its query, status, milliseconds and bytes of a
    request, and nothing of who sent it. A log that cannot be written keeps nobody from asking.
    """

    def __init__(self, form: LogFormat, stream: TextIO) -> None:
        """Write to `stream` in this form."""
        self._form = form
        self._stream = stream
        self._lock = threading.Lock()
        self._told = threading.local()  # the last answer of a thread

    def exchange(self, exchange: Exchange) -> None:
        """Write the line of a request."""
        fields: dict[str, Any] = {
            "time": _moment(exchange.began),
            "id": exchange.id,
            "method": exchange.method,
            "path": exchange.path,
            "status": exchange.status,
            "ms": round(exchange.milliseconds, 1),
            "bytes": exchange.sent,
        }
        self._write(fields)

    def question(self, answer: Answer) -> None:
        """Write the line of a question that was answered, with its words.

        Of several archives that are asked at once each tells of it; there is one line.
        """
        if getattr(self._told, "answer", None) is answer:
            return
        self._told.answer = answer
        fields: dict[str, Any] = {
            "time": _moment(datetime.now().astimezone()),
            "question": answer.question,
            "abstained": answer.abstained,
            "ms": round(answer.seconds * 1000, 1),
        }
        self._write(fields)

    def _write(self, fields: dict[str, Any]) -> None:
        line = line_of(fields, self._form)
        with self._lock, suppress(OSError, ValueError):  # the disk is full, or nobody reads it
            self._stream.write(f"{line}\n")
            self._stream.flush()


def line_of(fields: dict[str, Any], form: LogFormat) -> str:
    r"""Return one line of ASCII; whatever a client sent, it begins no second line.

    >>> line_of({"id": "7f", "question": "Wat?\n9e"}, LogFormat.TEXT)
    '7f question "Wat?\\n9e"'
    >>> line_of({"id": "7f", "status": None}, LogFormat.JSON)
    '{"id": "7f", "status": null}'
    """
    if form is LogFormat.JSON:
        return json.dumps(fields)
    shown = (_as_text(name, value) for name, value in fields.items())
    return " ".join(shown)


def _as_text(name: str, value: object) -> str:
    if name == "question":  # the only field that holds spaces and foreign letters
        return f"question {json.dumps(value)}"
    if isinstance(value, bool):
        return name if value else f"not-{name}"
    return "-" if value is None else str(value)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
