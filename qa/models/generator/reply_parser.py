"""Takes the text out of what a chat server sends, however it is cut; knows no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.models.generator.failure import FailureKind
from qa.models.generator.limits import Limits
from qa.models.generator.refusal import failure_kind

_BLANK = b" \t\r\n\xef\xbb\xbf"
_FIRST_OF_EVENTS = b"deir:"  # data, event, id, retry and remarks
_DONE = "[DONE]"
_SURROGATES = re.compile("[\ud800-\udfff]")
_MOST_TOKENS = 100_000_000


class BadReplyError(Exception):
    """What came is no answer of a chat server; `kind` and the HTTP `status` say why."""

    def __init__(self, kind: FailureKind, status: int | None = None) -> None:
        """Keep the kind and the status."""
        super().__init__(kind.value)
        self.kind = kind
        self.status = status


@dataclass(frozen=True, slots=True)
class Usage:
    """What a server tells about an answer beside its text.

    Attributes:
        prompt_tokens: The tokens of the prompt; far fewer than were sent tell of a prompt that was
            cut silently. None if the server does not say.
        completion_tokens: The tokens of the answer, thoughts included; None if it does not say.
        finish_reason: Why the answer ended ("stop", "length"); empty if the server does not say.
        has_thoughts: Whether thoughts came apart from the text; they are not kept.
        is_shortened: Whether more text came than is taken.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    finish_reason: str = ""
    has_thoughts: bool = False
    is_shortened: bool = False


class ReplyParser:
    r"""Makes pieces of text out of the bytes of one answer, streamed or not.

    >>> parser = ReplyParser(Limits())
    >>> list(parser.feed(b'data: {"choices": [{"delta": {"content": "k7: z'))
    []
    >>> list(parser.feed(b'es"}}]}\n\n'))
    ['k7: zes']
    """

    def __init__(self, limits: Limits) -> None:
        """Start with nothing read."""
        self._limits = limits
        self._buffer = b""
        self._bytes = 0
        self._characters = 0
        self._is_whole_json: bool | None = None  # None until the first byte that is no blank
        self._prompt_tokens: int | None = None
        self._completion_tokens: int | None = None
        self._finish_reason = ""
        self._has_thoughts = False
        self._is_shortened = False
        self.is_done = False
        """No more has to be read."""
        self.has_ended = False
        """The model has ended its answer; only the count of tokens may still come."""
        self.has_choices = False
        """Something of the answer came, be it thoughts."""

    @property
    def usage(self) -> Usage:
        """What the server told so far beside the text."""
        return Usage(
            self._prompt_tokens,
            self._completion_tokens,
            self._finish_reason,
            self._has_thoughts,
            self._is_shortened,
        )

    def feed(self, data: bytes) -> Iterator[str]:
        """Yield the pieces of text that are now whole; an empty one is a sign of life.

        Raises:
            BadReplyError: too much came, or something that is no answer.
        """
        self._bytes += len(data)
        if self._bytes > self._limits.most_bytes:
            raise BadReplyError(FailureKind.NOT_UNDERSTOOD)
        self._buffer += data
        if self._is_whole_json is None:
            self._look_at_the_beginning()
        if self._is_whole_json is False:
            yield from self._take_lines()

    def finish(self) -> Iterator[str]:
        """Yield the last pieces, when the server has closed the connection.

        Raises:
            BadReplyError: the answer has no text of a model, or broke off.
        """
        if self._is_whole_json:
            yield from self._take_event(self._parse(self._buffer))
            self.has_ended = True
        elif not self.is_done:
            yield from self._take_last_line()
        if not self.has_choices:
            raise BadReplyError(FailureKind.NOT_UNDERSTOOD)
        if not (self.is_done or self.has_ended):
            raise BadReplyError(FailureKind.CUT_OFF)

    def _look_at_the_beginning(self) -> None:
        start = self._buffer.lstrip(_BLANK)
        if not start:
            self._buffer = b""
            return
        self._buffer = start
        self._is_whole_json = start[:1] == b"{"
        if not self._is_whole_json and start[0] not in _FIRST_OF_EVENTS:
            raise BadReplyError(FailureKind.NOT_UNDERSTOOD)

    def _take_lines(self) -> Iterator[str]:
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            if self.is_done:
                return
            yield from self._take_line(line)
        self._check_length(self._buffer)

    def _take_last_line(self) -> list[str]:
        try:
            return self._take_line(self._buffer)
        except BadReplyError:
            if self.has_choices:
                return []  # half a line
            raise

    def _check_length(self, line: bytes) -> None:
        if len(line) > self._limits.longest_line:
            raise BadReplyError(FailureKind.NOT_UNDERSTOOD)

    def _take_line(self, line: bytes) -> list[str]:
        self._check_length(line)
        if not line.startswith(b"data:"):
            return []
        data = line[len(b"data:") :].strip()
        if data == _DONE.encode():
            self.is_done = True
            return []
        return self._take_event(self._parse(data)) if data else []

    def _parse(self, data: bytes) -> dict[str, Any]:
        try:
            parsed = json.loads(data.decode("utf-8", errors="replace"))
        except (ValueError, RecursionError):
            raise BadReplyError(FailureKind.NOT_UNDERSTOOD) from None
        if not isinstance(parsed, dict):
            raise BadReplyError(FailureKind.NOT_UNDERSTOOD)
        return parsed

    def _take_event(self, event: dict[str, Any]) -> list[str]:
        if event.get("error"):
            kind = failure_kind(200, json.dumps(event["error"]))
            is_late = self.has_choices and kind is FailureKind.NOT_UNDERSTOOD
            raise BadReplyError(FailureKind.CUT_OFF if is_late else kind)
        self._take_usage(event.get("usage"))
        choices = event.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return []
        choice = choices[0]
        said = choice.get("delta") or choice.get("message")
        said = said if isinstance(said, dict) else {}
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self._take_end(reason)
        elif not said:
            return []
        self.has_choices = True
        self._has_thoughts |= bool(said.get("reasoning_content") or said.get("reasoning"))
        return [self._bounded(_text(said.get("content")))]

    def _take_end(self, reason: str) -> None:
        if reason == "error":
            raise BadReplyError(FailureKind.CUT_OFF)
        self._finish_reason = reason[:40]
        self.has_ended = True

    def _take_usage(self, usage: object) -> None:
        if isinstance(usage, dict):
            self._prompt_tokens = _count(usage.get("prompt_tokens"))
            self._completion_tokens = _count(usage.get("completion_tokens"))

    def _bounded(self, text: str) -> str:
        left = self._limits.most_characters - self._characters
        if len(text) > left:
            text = text[:left]
            self._is_shortened = self.is_done = True
        self._characters += len(text)
        return text


def _text(content: object) -> str:
    """Return the text of a message, which some servers give in parts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    return _SURROGATES.sub("\ufffd", content) if isinstance(content, str) else ""


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return value if is_count and 0 <= value <= _MOST_TOKENS else None  # type: ignore[operator, return-value]
