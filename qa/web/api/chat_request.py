"""Reads a request for a chat completion in OpenAI's form, and checks every value in it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from qa.errors import SettingsError
from qa.question.checks import check_question
from qa.web.api.parameters import LONGEST_HISTORY

MODEL = "dateline"
"""The name of the model that is an archive; of several archives, their names follow it."""
_NAMES, _AND = ":", "+"

_LONGEST_SHOWN = 60  # characters of a refused value

# What changes the answer of a language model and has no meaning here (temperature, max_tokens, …)
# is ignored. What asks for another kind of answer is refused, unless it has one of these values.
_REFUSED: Mapping[str, tuple[tuple[object, ...], str]] = {
    "n": ((None, 1), "there is one answer to a question; leave n out"),
    "tools": ((None, []), "the archive calls no tools; leave tools out"),
    "functions": ((None, []), "the archive calls no functions; leave functions out"),
    "response_format": (
        (None, {"type": "text"}),
        "the answer is text; leave response_format out, and read message.dateline for its parts",
    ),
    "modalities": ((None, ["text"]), "the answer is text; leave modalities out"),
    "audio": ((None,), "the answer is text; leave audio out"),
    "logprobs": ((None, False), "quotes have no log probabilities; leave logprobs out"),
}
_IGNORED_ROLES = frozenset({"system", "developer", "assistant"})


class ChatRefusedError(SettingsError):
    """A request for a chat completion cannot be answered; `param` names the part that is wrong."""

    def __init__(
        self, message: str, param: str | None, *, status: int = 400, code: str | None = None
    ) -> None:
        """Take the words for the caller, and what OpenAI's form of an error tells beside them."""
        super().__init__(message)
        self.param = param
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A question with the user's earlier questions, oldest first, and how to send the answer.

    `archives` are those that the name of the model names.
    """

    question: str
    history: tuple[str, ...] = ()
    is_streamed: bool = False
    has_usage: bool = False
    archives: tuple[str, ...] = ()

    @property
    def model(self) -> str:
        """The name of the model that was asked."""
        return model_name(self.archives)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the parts of one completion have in common."""

    name: str
    created: int
    model: str

    @classmethod
    def of(cls, asked: ChatRequest) -> Self:
        """Begin the completion that answers a request."""
        return cls(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), asked.model)

    def to_dict(self, kind: str, choices: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """Return a completion or a chunk of it, as JSON values."""
        return {
            "id": self.name,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": choices,
            **more,
        }


def model_name(archives: Sequence[str]) -> str:
    """Return the name of the model that asks archives as one set.

    >>> model_name(["nrc", "weekbladen"]), model_name([])
    ('dateline:nrc+weekbladen', 'dateline')
    """
    return f"{MODEL}{_NAMES}{_AND.join(archives)}" if archives else MODEL


def parse_chat(body: bytes) -> ChatRequest:
    """Read the body of a request.

    System messages are instructions to a language model, and an answer of the assistant is no
    evidence; both are passed over. So are earlier messages of the user that are no questions, such
    as one that was refused as too long: clients keep them in the conversation.

    Raises:
        ChatRefusedError: the body is not of OpenAI's form, or asks for more than an answer in text.

    >>> parse_chat(b'{"model": "dateline", "messages": [{"role": "user", "content": "Wie?"}]}')
    ChatRequest(question='Wie?', history=(), is_streamed=False, has_usage=False, archives=())
    """
    given = _object(body)
    archives = archives_of_model(given.get("model"))
    for name, (allowed, told) in _REFUSED.items():
        if not any(_is_same(given.get(name), each) for each in allowed):
            raise ChatRefusedError(told, name)
    question, history = _conversation(given.get("messages"))
    options = given.get("stream_options")
    if options is not None and not isinstance(options, dict):
        raise _wrong_type("stream_options", "an object", options)
    return ChatRequest(
        question,
        history,
        is_streamed=_flag("stream", given.get("stream")),
        has_usage=_flag("stream_options.include_usage", (options or {}).get("include_usage")),
        archives=archives,
    )


def archives_of_model(name: object) -> tuple[str, ...]:
    """Return the archives that the name of a model names; there are no models but archives.

    Raises:
        ChatRefusedError: there is no such model, or no name was given.

    >>> archives_of_model("dateline"), archives_of_model("dateline:nrc+weekbladen")
    ((), ('nrc', 'weekbladen'))
    """
    if not isinstance(name, str):
        raise _wrong_type("model", f"the text {MODEL!r}", name)
    first, has_names, listed = name.partition(_NAMES)
    archives = tuple(listed.split(_AND)) if has_names else ()
    if first != MODEL or not all(archives):
        raise no_model(name, (MODEL,))
    return archives


def no_model(name: str, there: Sequence[str]) -> ChatRefusedError:
    """Return the error that there is no such model; `there` are the names of those that are."""
    listed = ", ".join(map(repr, there))
    are = "the only one is" if len(there) == 1 else "there are"
    told = f"there is no model {_shown(name)}; {are} {listed}"
    return ChatRefusedError(told, "model", status=404, code="model_not_found")


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ChatRefusedError(f"the body is no JSON that can be read ({error})", None) from error
    if not isinstance(given, dict):
        told = 'the body must be an object, such as {"model": "dateline", "messages": […]}'
        raise ChatRefusedError(told, None)
    return given


def _conversation(messages: object) -> tuple[str, tuple[str, ...]]:
    """Return the last question of the user, and the earlier ones."""
    if not isinstance(messages, list) or not messages:
        raise _wrong_type("messages", "a list with the user's question at its end", messages)
    said = [_said(message, f"messages[{at}]") for at, message in enumerate(messages)]
    last, place = said[-1], f"messages[{len(said) - 1}]"
    if last is None:
        raise ChatRefusedError(
            "the last message must be the question, with the role user", f"{place}.role"
        )
    try:
        check_question(last, limit=1)
    except SettingsError as error:
        raise ChatRefusedError(str(error), f"{place}.content") from error
    earlier = [each for each in said[:-1] if each is not None and _is_question(each)]
    return last, tuple(earlier[-LONGEST_HISTORY:])


def _said(message: object, place: str) -> str | None:
    """Return what the user says in a message, or `None` if the message is not the user's."""
    if not isinstance(message, dict):
        raise _wrong_type(place, "an object with role and content", message)
    role = message.get("role")
    if isinstance(role, str) and role in _IGNORED_ROLES:
        return None
    if role != "user":
        raise _wrong_type(f"{place}.role", "user, assistant or system", role)
    return _text(message.get("content"), f"{place}.content")


def _text(content: object, place: str) -> str:
    """Return the text of a message, which may come in parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise _wrong_type(place, "text", content)
    return "\n".join(_part(part, f"{place}[{at}]") for at, part in enumerate(content))


def _part(part: object, place: str) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(part, dict) or kind != "text":
        told = f"{place} is {_shown(kind if isinstance(part, dict) else part)}"
        raise ChatRefusedError(f"{told}; only parts of the type text are read: ask in words", place)
    if not isinstance(part.get("text"), str):
        raise _wrong_type(f"{place}.text", "text", part.get("text"))
    return str(part["text"])


def _is_question(text: str) -> bool:
    try:
        check_question(text, limit=1)
    except SettingsError:
        return False
    return True


def _flag(name: str, value: object) -> bool:
    if value is not None and not isinstance(value, bool):
        raise _wrong_type(name, "true or false", value)
    return bool(value)


def _is_same(value: object, allowed: object) -> bool:
    return type(value) is type(allowed) and value == allowed


def _wrong_type(name: str, wanted: str, value: object) -> ChatRefusedError:
    told = "is missing" if value is None else f"is {_shown(value)}"
    return ChatRefusedError(f"{name} {told}; give {wanted}", name)


def _shown(value: object) -> str:
    """Return the notation of a value, cut short because a caller may send a megabyte."""
    notation = repr(value)
    return notation if len(notation) <= _LONGEST_SHOWN else f"{notation[:_LONGEST_SHOWN]}…"
