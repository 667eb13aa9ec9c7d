"""One request to `tests/lying_server.py`, and the ways to answer it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import Any

PIECE = 7  # characters of an honest piece


@dataclass(slots=True)
class ServedRequest:
    """A request that the server received; `was_left` tells that the client hung up on it."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    was_left: bool = False

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def instruction(self) -> str:
        """The system messages."""
        return "\n".join(self._messages("system"))

    @property
    def text(self) -> str:
        """The user messages."""
        return "\n".join(self._messages("user"))

    def _messages(self, role: str) -> list[str]:
        return [each["content"] for each in self.body.get("messages", ()) if each["role"] == role]


@dataclass(slots=True)
class Answering:
    """One request that is being answered, and the ways to write to whoever sent it."""

    request: ServedRequest
    number: int
    """How many requests named this model, this one counted."""
    out: BufferedIOBase
    connection: socket.socket
    stopped: threading.Event
    pace: float
    """Seconds between the pieces of an honest answer."""
    on_end: Callable[[], None]
    """Called before the client can know that the answer has ended, and may ask the next."""

    def raw(self, data: bytes) -> None:
        self.out.write(data)
        self.out.flush()

    def pause(self, seconds: float) -> bool:
        """Wait; tell whether to go on."""
        return not self.stopped.wait(seconds)

    def hang(self) -> None:
        """Say nothing more, until the client hangs up or the server stops."""
        while self.pause(0.02):
            self.connection.settimeout(0.001)
            try:
                if self.connection.recv(1) == b"":
                    self.request.was_left = True
                    return
            except TimeoutError:
                continue

    def send(self, status: int, body: object, **headers: str) -> None:
        """Send a whole reply: text, bytes, or anything else as JSON."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        data = content if isinstance(content, bytes) else content.encode()
        self.head(status, Content_Length=str(len(data)), **headers)
        self.raw(data)

    def head(self, status: int, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Said", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.raw("\r\n".join([*lines, "", ""]).encode())

    def start(self) -> None:
        self.head(200, Content_Type="text/event-stream")

    def event(self, value: object) -> None:
        data = value if isinstance(value, str) else json.dumps(value)
        self.raw(f"data: {data}\n\n".encode())

    def piece(self, text: str, **more: object) -> None:
        self.event({"choices": [{"index": 0, "delta": {"content": text, **more}}]})

    def end(self, reason: str = "stop", **usage: int) -> None:
        self.on_end()
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        if usage:
            self.event({"choices": [], "usage": usage})
        self.event("[DONE]")

    def say(self, text: str) -> None:
        """Stream a text honestly, with the number of tokens that the prompt may have."""
        self.start()
        for piece in pieces(text):
            self.piece(piece)
            if self.pace and not self.pause(self.pace):
                return
        prompt = len(self.request.instruction) + len(self.request.text)
        self.end(prompt_tokens=prompt // 4 + 1, completion_tokens=len(text) // 4 + 1)


def pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]
