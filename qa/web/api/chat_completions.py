"""Archives as models of OpenAI's chat API: `/v1/models` and `/v1/chat/completions`.

Clients of that API can ask the archive so. The assistant, the gate and the checks are those of the
endpoints. A message holds the quotes as text, and the whole answer as structured data beside it.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, TypeVar

import anyio
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from qa.answer.asking import Asking, OnPassages
from qa.answer.records import Answer
from qa.answer.streaming import AnswerEvent, EventKind, answer_events
from qa.errors import DatelineError, SettingsError, StoreError
from qa.text.control_characters import visible
from qa.text.phrases import display_title
from qa.text.tokens import count_tokens
from qa.web.access.ending import SECONDS_TO_RETRY, StoppingError
from qa.web.access.gate import BusyError, IsDisconnected
from qa.web.access.presence import has_left
from qa.web.access.refusals import OPENAI_ROOT, json_response, openai_error
from qa.web.access.roles import identity_of
from qa.web.api.chat_request import (
    MODEL,
    ChatRefusedError,
    ChatRequest,
    Completion,
    archives_of_model,
    model_name,
    no_model,
    parse_chat,
)
from qa.web.api.chat_text import ChatText, chat_text, is_address
from qa.web.api.endpoints import with_user_errors
from qa.web.api.parameters import asks_model, given_context
from qa.web.archives import Archives
from qa.web.served import ServedArchive
from qa.web.served_union import ServedUnion

_PASSAGES = 8  # as `/ask` gives with an answer
_SECONDS_TO_RETRY = 5  # where all places are taken
_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

T = TypeVar("T")


class ChatCompletions:
    """The routes of OpenAI's chat API over the archives of a server.

    Each is a model, and so are several together; of one archive alone, the model needs no name.
    """

    def __init__(self, archives: Archives) -> None:
        """Answer from those of `archives` in which the caller has a role."""
        self._archives = archives
        self._started = int(time.time())

    def serve(self, app: FastAPI) -> None:
        """Add the routes to the application; every other path below `/v1` is refused in words."""
        routes = (
            ("/models", "GET", self.models),
            ("/models/{name:path}", "GET", self.model),
            ("/chat/completions", "POST", self.complete),
        )
        for path, method, function in routes:
            app.add_api_route(f"{OPENAI_ROOT}{path}", function, methods=[method])
        for path, method, _ in routes:
            told = f"this path takes {method} only"
            app.add_api_route(f"{OPENAI_ROOT}{path}", _refusing(told, 405), methods=_ALL_METHODS)
        there = f"{OPENAI_ROOT}/models and {OPENAI_ROOT}/chat/completions"
        told = f"there is no such path; there are {there}"
        for path in ("", "/{rest:path}"):
            app.add_api_route(f"{OPENAI_ROOT}{path}", _refusing(told, 404), methods=_ALL_METHODS)

    async def models(self, request: Request) -> Response:
        """Return the list of models: each archive, and all of them together."""
        found = [self._model(name) for name in self._names(request)]
        return json_response({"object": "list", "data": found})

    async def model(self, request: Request) -> Response:
        """Return one archive, or several, as a model; there is no other."""
        name = request.path_params["name"]
        try:
            self._chosen(request, archives_of_model(name), name)
        except ChatRefusedError as error:
            return _refusal(error)
        return json_response(self._model(name))

    def _model(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": self._started, "owned_by": MODEL}

    def _names(self, request: Request) -> list[str]:
        if len(list(self._archives)) == 1:
            return [MODEL]
        seen = self._archives.seen_by(identity_of(request.scope))
        several = [model_name(seen.names)] if len(seen.names) > 1 else []
        return [*(model_name([name]) for name in seen.names), *several]

    def _chosen(
        self, request: Request, archives: Sequence[str], model: str
    ) -> ServedArchive | ServedUnion:
        try:
            seen = self._archives.seen_by(identity_of(request.scope))
            return seen.choose_some(list(archives))
        except SettingsError:
            raise no_model(model, self._names(request)) from None

    async def complete(self, request: Request) -> Response:
        """Answer the last question of a conversation."""
        try:
            asked = parse_chat(await _json_body(request))
            completion = Completion.of(asked)
            served = self._chosen(request, asked.archives, asked.model)
            events = _events(served, asked, has_left(request.scope))
            if not asked.is_streamed:
                answer = await _in_thread(_final, events)
                return json_response(await _in_thread(_whole, completion, asked, answer))
            # So far an error has a status: this waits until the question had its turn.
            await _in_thread(_next, events)
        except ClientDisconnect:
            return _refusal(SettingsError("the request broke off"))
        except DatelineError as error:
            return _refusal(error)
        return _EventStream(events, _chunks(completion, asked, events))


def _events(
    served: ServedArchive | ServedUnion, asked: ChatRequest, is_left: IsDisconnected
) -> Iterator[AnswerEvent]:
    """Yield the steps of the answer, as `/ask_stream` does."""
    how = given_context(_PASSAGES, list(asked.history), None)
    how["use_generator"] = asks_model(None, served.generator)

    def begin(on_passages: OnPassages) -> Asking:
        return served.work(
            lambda assistant: assistant.begin(asked.question, on_passages=on_passages, **how),
            is_left,
        )

    return answer_events(begin)


class _EventStream(StreamingResponse):
    """A stream of events that lets the work end in a thread, even if the caller has left."""

    def __init__(self, events: Iterator[AnswerEvent], chunks: AsyncIterator[str]) -> None:
        super().__init__(chunks, media_type="text/event-stream", headers=_STREAM)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):  # closing waits for the answer being made
                await anyio.to_thread.run_sync(self._events.close)  # type: ignore[attr-defined]


async def _chunks(
    completion: Completion, asked: ChatRequest, events: Iterator[AnswerEvent]
) -> AsyncIterator[str]:
    """Yield the events of a stream; nothing of an answer is sent before all of it is final."""
    more: dict[str, Any] = {"usage": None} if asked.has_usage else {}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event(completion.to_dict("chat.completion.chunk", [choice], **more))

    yield chunk({"role": "assistant", "content": ""})
    try:
        answer = await _in_thread(_final, events)
    except DatelineError as error:
        yield f"event: error\n{_event(_error(error)[1])}"
        return
    more["system_fingerprint"] = answer.fingerprint
    text = chat_text(answer)
    for line in text.text.splitlines(keepends=True):
        yield chunk({"content": line})
    yield chunk(_structured(answer, text))
    yield chunk({}, "stop")
    if asked.has_usage:
        more["usage"] = await _in_thread(_usage, asked, text)
        yield _event(completion.to_dict("chat.completion.chunk", [], **more))
    yield "data: [DONE]\n\n"


def _whole(completion: Completion, asked: ChatRequest, answer: Answer) -> dict[str, Any]:
    """Return the completion that is not streamed."""
    text = chat_text(answer)
    message = {"role": "assistant", "content": text.text, "refusal": None}
    choice = {
        "index": 0,
        "message": {**message, **_structured(answer, text)},
        "logprobs": None,
        "finish_reason": "stop",
    }
    more = {"usage": _usage(asked, text), "system_fingerprint": answer.fingerprint}
    return completion.to_dict("chat.completion", [choice], **more)


def _structured(answer: Answer, text: ChatText) -> dict[str, Any]:
    """Return what a message tells beside its text.

    An annotation of OpenAI's form needs an address, so a quote of an article without one has none.
    `end_index` is the place after the last character of the quote.
    """
    annotations = [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": start,
                "end_index": end,
                "title": visible(display_title(citation.article)),
                "url": citation.article.url,
            },
        }
        for citation, (start, end) in zip(answer.citations, text.places, strict=True)
        if is_address(citation.article.url)
    ]
    return {"annotations": annotations, "dateline": answer.to_dict()}


def _usage(asked: ChatRequest, text: ChatText) -> dict[str, int]:
    """Return how long question and answer are in tokens of cl100k_base; no model read them."""
    prompt, completion = count_tokens(asked.question), count_tokens(text.text)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _next(events: Iterator[AnswerEvent]) -> AnswerEvent:
    event: AnswerEvent = with_user_errors(next, events)
    return event


def _final(events: Iterator[AnswerEvent]) -> Answer:
    """Return the answer at the end of the events."""
    while (event := _next(events)).kind is not EventKind.FINAL or event.answer is None:
        pass
    return event.answer


async def _in_thread(function: Callable[..., T], *values: Any) -> T:
    return await anyio.to_thread.run_sync(function, *values)


async def _json_body(request: Request) -> bytes:
    """Return the body of a request that says it is JSON; a form of another site cannot say so."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        told = "send JSON, with the header Content-Type: application/json"
        raise ChatRefusedError(told, None, status=415, code="unsupported_media_type")
    return await request.body()


def _refusing(message: str, status: int) -> Callable[[], Any]:
    async def refuse() -> Response:
        return json_response(openai_error(message, status), status)

    return refuse


def _refusal(error: DatelineError) -> Response:
    status, told = _error(error)
    wait = SECONDS_TO_RETRY if isinstance(error, StoppingError) else _SECONDS_TO_RETRY
    headers = {"Retry-After": str(wait)} if status in (429, 503) else None
    return json_response(told, status, headers=headers)


def _error(error: DatelineError) -> tuple[int, dict[str, Any]]:
    """Return the status of an error, and the error in OpenAI's form."""
    match error:
        case ChatRefusedError():
            status, param, code = error.status, error.param, error.code
            return status, openai_error(str(error), status, param=param, code=code)
        case BusyError():
            status = 429
        case SettingsError():
            status = 400
        case StoreError() | StoppingError():
            status = 503
        case _:
            status = 500
    return status, openai_error(str(error), status)


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"
