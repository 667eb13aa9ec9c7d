"""The lies of `tests/lying_server.py`: what each of them sends instead of an honest answer."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import struct
from collections.abc import Callable
from typing import Any

from tests.lying_answers import Answering

HONEST = "0"

Lie = Callable[[Answering], None]
LIES: dict[str, Lie] = {}


def _lie(name: str) -> Callable[[Lie], Lie]:
    def keep(lie: Lie) -> Lie:
        LIES[name] = lie
        return lie

    return keep


def _replies(name: str, status: int, body: object, **headers: str) -> None:
    LIES[name] = lambda answering: answering.send(status, body, **headers)


def _streams(name: str, *texts: str, **end: Any) -> None:
    def lie(answering: Answering) -> None:
        answering.start()
        for text in texts:
            answering.piece(text)
        answering.end(**end)

    LIES[name] = lie


def _writes(name: str, *data: bytes) -> None:
    def lie(answering: Answering) -> None:
        answering.start()
        for part in data:
            answering.raw(part)

    LIES[name] = lie


def _once(name: str, first: Lie) -> None:
    """Lie to the first request, and answer the second one honestly."""
    LIES[name] = lambda answering: (
        first(answering) if answering.number == 1 else answering.say(HONEST)
    )


def _lacks(name: str, status: int, body: object, *features: str) -> None:
    """Refuse requests that have one of these parts."""

    def lie(answering: Answering) -> None:
        sent = answering.request.body
        roles = {message["role"] for message in sent["messages"]}
        if any(feature in sent or feature in roles for feature in features):
            answering.send(status, body)
        else:
            answering.say(HONEST)

    LIES[name] = lie


def _openai(message: str, **more: object) -> dict[str, object]:
    return {"error": {"message": message, **more}}


def _delta(text: str) -> bytes:
    return json.dumps({"choices": [{"delta": {"content": text}}]}).encode()


def _hang_up(answering: Answering) -> None:
    """Close the connection without a word."""


_STOP = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
_PAGE = "<!doctype html><title>Welkom</title><p>Hier is niets."

# Refusals
_replies("wrong-key", 401, _openai("Incorrect API key provided.", code="invalid_api_key"))
_replies("forbidden", 403, "Forbidden")
_replies("no-credit", 429, _openai("You exceeded your quota.", code="insufficient_quota"))
_replies("unknown-model", 404, _openai('model "unknown-model" not found, try pulling it first'))
_replies("none-loaded", 404, _openai("No models loaded. Please load a model."))
_replies("wrong-path", 404, "404 page not found")
_replies("overflow", 400, _openai("too large", type="exceed_context_size_error", n_ctx=256))
_replies("overflow-openai", 400, _openai("This model's maximum context length is 512 tokens."))
_replies("overflow-plain", 400, "prompt is too long: 900 tokens > 512 maximum")
_replies("too-large", 413, _PAGE)
_replies("busy", 429, _openai("Rate limit reached."), Retry_After="0")
_replies("busy-for-an-hour", 429, _openai("Rate limit reached."), Retry_After="3600")
_replies("bad-gateway", 502, _PAGE)
_replies("server-error", 500, _PAGE)
_replies("redirect", 307, "", Location="http://127.0.0.1:9/v1/chat/completions")
_replies("refuses-all", 400, "Bad Request")
_once("busy-once", lambda it: it.send(429, _openai("Rate limit reached."), Retry_After="1"))
_once("busy-vaguely", lambda it: it.send(429, "later", Retry_After="Fri, 31 Dec 1999 23:59:59 GMT"))
_once("loading", lambda it: it.send(503, _openai("Loading model", type="unavailable_error")))
_once("dead-once", _hang_up)
_lacks(
    "refuses-schema",
    400,
    {"error": "'response_format.type' must be 'json_object' or 'text'"},
    "response_format",
)
_lacks(
    "refuses-max-tokens",
    400,
    _openai("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    "max_tokens",
)
_lacks("refuses-both-limits", 400, _openai("max_completion_tokens: unknown"), "max_tokens",
       "max_completion_tokens")  # fmt: skip
_lacks("refuses-temperature", 400, _openai("Unsupported value: 'temperature'."), "temperature")
_lacks("refuses-seed", 422, {"detail": [{"loc": ["body", "seed"], "msg": "extra"}]}, "seed")
_lacks("refuses-system", 500, _openai("System role not supported"), "system")
_lacks("refuses-plainly", 400, "Bad Request", "response_format", "seed", "temperature")

# What is no answer
_replies("html", 200, _PAGE, Content_Type="text/html")
_replies("no-choices", 200, {"id": "1", "object": "chat.completion"})
_replies("empty-choices", 200, {"choices": []})
_replies("error-with-200", 200, _openai("the request exceeds the available context size"))
_replies("list", 200, [1, 2])
_replies("broken-json", 200, '{"choices": [{"message": {"content": "k7: ze')
_replies("deep-json", 200, '{"choices": ' + "[" * 200_000)
_replies("nothing", 200, "")
_replies("packed", 200, gzip.compress(_delta("k7")), Content_Encoding="gzip")
_replies("blank-body", 200, b" " * 3_000_000)
_replies("empty-answer", 204, "")
_writes("blank-lines", *[b"\n" * 50_000] * 60)
_writes("remarks-only", *[b": keep\n\n" * 10] * 20)
_writes("done-only", b"data: [DONE]\n\n")
_writes("pings", *[b'data: {"type": "ping"}\n\n'] * 50, b"data: [DONE]\n\n")
_writes("wrong-types", b'data: {"choices": "nee"}\n\ndata: {"choices": [5]}\n\ndata: 5\n\n')
_writes("huge-line", b"data: " + _delta("x" * 100_000) + b"\n\n", _STOP)
_writes("error-in-stream", b'data: {"error": {"message": "overloaded"}}\n\n')
_LATE_ERROR = b'event: error\ndata: {"error": {"message": "overloaded"}}\n\n'
_writes("error-in-middle", b"data: " + _delta("k7: ") + b"\n\n" + _LATE_ERROR)

# Answers that break off
_writes("half-line", b"data: " + _delta("k7: zes") + b"\n\n", b'data: {"choices": [{"del')
_writes("no-end", b"data: " + _delta("k7: zes") + b"\n\n")
LIES["dead"] = _hang_up
LIES["not-http"] = lambda answering: answering.raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
LIES["huge-header"] = lambda answering: answering.head(200, X_Long="x" * 300_000)


@_lie("reset")
def _reset(answering: Answering) -> None:
    answering.start()
    answering.piece("k7: zes")
    answering.pause(0.05)
    at_once = struct.pack("ii", 1, 0)
    answering.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    answering.connection.close()


@_lie("short-body")
def _short_body(answering: Answering) -> None:
    answering.head(200, Content_Length="5000")
    answering.raw(b"data: " + _delta("k7: zes") + b"\n\n")


@_lie("short-after-end")
def _short_after_end(answering: Answering) -> None:
    """Ends the answer, and then breaks off before the promised length."""
    answering.head(200, Content_Length="5000")
    answering.piece("k7: zes")
    answering.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})


@_lie("bad-chunks")
def _bad_chunks(answering: Answering) -> None:
    answering.head(200, Transfer_Encoding="chunked")
    answering.raw(b"zzz\r\ndata\r\n")


# Answers that take for ever


@_lie("silent")
def _silent(answering: Answering) -> None:
    answering.hang()


@_lie("silent-after-head")
def _silent_after_head(answering: Answering) -> None:
    answering.start()
    answering.hang()


@_lie("silent-in-middle")
def _silent_in_middle(answering: Answering) -> None:
    answering.start()
    answering.piece("k7: zes")
    answering.hang()


@_lie("lingers")
def _lingers(answering: Answering) -> None:
    """Ends the answer, and leaves the connection open."""
    answering.start()
    answering.piece("k7: zes")
    answering.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    answering.hang()


def _drips(name: str, part: bytes, seconds: float, *, head: bool = True) -> None:
    """Send a part over and over, or byte by byte if it is one line without an end."""

    def lie(answering: Answering) -> None:
        if head:
            answering.start()
        for piece in itertools.cycle([part] if part.endswith(b"\n") else _bytes(part)):
            if not answering.pause(seconds):
                return
            answering.raw(piece)

    LIES[name] = lie


def _bytes(line: bytes) -> list[bytes]:
    return [line[place : place + 1] for place in range(len(line))]


_drips("drip", b"data: " + _delta("k") + b"\n\n", 1)
_drips("keep", b": keep\n\n", 0.1)
_drips("slow-pings", b'data: {"type": "ping"}\n\n', 0.1)
_drips("slow-head", b"HTTP/1.1 200 OK\r\nX-Slow: xxxxxxxxxxxxxxxxxxxx", 0.02, head=False)
_drips("slow-line", b"data: " + _delta("k" * 999), 0.02)
_drips("endless", b"data: " + _delta("k7: zes\n") + b"\n\n", 0.0005)

# Answers that are odd, and still answers
_streams("unclosed-thoughts", "<think>", "eerst kijken, k7: ", "zes")
_streams("thoughts", "<thi", "nk>k7: nee</th", "ink>\n", "k7: ", "zes\n")
_streams("blanks", *[" \n\t" * 3_000] * 80)
_streams("long", *["k7: zes\n" * 500] * 50)
_streams("empty")
_streams("cut-by-limit", "k7: zes en ", reason="length")
_streams("cut-prompt", "k7: zes", prompt_tokens=5, completion_tokens=4)
_streams("false-counts", "k7: zes", prompt_tokens=10**400, completion_tokens=-1)
_streams("controls", "k7: \x1b[31mzes\u202e\x00\n")
_writes("invalid-utf8", b'data: {"choices": [{"delta": {"content": "k7: \xff\xfe"}}]}\n\n', _STOP)
_writes("lone-surrogate", b'data: {"choices": [{"delta": {"content": "\\ud83d"}}]}\n\n', _STOP)
_writes("no-blank", b'data:{"choices":[{"delta":{"content":"k7: zes"}}]}\n', _STOP)
_writes(
    "with-remarks",
    b"\xef\xbb\xbf: welkom\r\nevent: message\r\nid: 1\r\n",
    b"data: " + _delta("k7: zes") + b"\r\n\r\n",
    _STOP,
)
_PARTS = '[{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "k7: zes"}]'
_writes("parts", b'data: {"choices": [{"delta": {"content": %b}}]}\n\n' % _PARTS.encode(), _STOP)
_MESSAGE = {"message": {"role": "assistant", "content": "k7: zes"}, "finish_reason": "stop"}
_replies("ignores-stream", 200, {"choices": [_MESSAGE], "usage": {"prompt_tokens": 9}})


@_lie("split-utf8")
def _split_utf8(answering: Answering) -> None:
    answering.start()
    line = 'data: {"choices": [{"delta": {"content": "k7: één €"}}]}\n\n'.encode()
    for byte in _bytes(line):
        answering.raw(byte)
    answering.raw(_STOP)


@_lie("reasoning")
def _reasoning(answering: Answering) -> None:
    """Gives its thoughts apart from the text."""
    answering.start()
    answering.piece("", reasoning_content="k3: niet lezen")
    answering.piece("k7: zes")
    answering.end()


@_lie("thinks-only")
def _thinks_only(answering: Answering) -> None:
    answering.start()
    answering.piece("", reasoning_content="k3: niet lezen")
    answering.end("length", prompt_tokens=9, completion_tokens=200)


@_lie("repeats-key")
def _repeats_key(answering: Answering) -> None:
    """Says the key aloud, in a header and in an error."""
    key = answering.request.headers.get("authorization", "")
    answering.send(401, _openai(f"Incorrect API key provided: {key}"), X_Key=key)
