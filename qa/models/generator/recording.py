"""Keeps what a language model said in a file, and says it again without the model.

So that somebody else can repeat a measurement. Each line of the file is a JSON object: `identity`,
`model` and `host` of the generator, `prompt` (the SHA-256 of the prompt), `said`, and `usage` or,
if the model failed, `error` (the kind of the failure) and `status` (the HTTP status, or null).
A prompt that was sent again has several lines; they are said again in their order.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa.errors import SettingsError
from qa.models.generator.failure import FailureKind, GenerationError
from qa.models.generator.interface import GeneratedText, Generator
from qa.models.generator.reply_parser import Usage
from qa.models.prompt import Prompt
from qa.text.control_characters import visible

_LONGEST_QUESTION = 120  # characters shown of a question that is not in the file

_Keep = Callable[[Prompt, str, dict[str, Any]], None]


class RecordingGenerator:
    """A generator that appends what another one says to a file."""

    def __init__(self, generator: Generator, path: Path) -> None:
        """Record what `generator` says to a new file.

        Raises:
            SettingsError: the file cannot be written, or there is one: no record is lost.
        """
        self._generator = generator
        self._path = path
        self._lock = threading.Lock()
        self._write("", mode="x")

    @property
    def identity(self) -> str:
        """The identity of the recorded generator."""
        return self._generator.identity

    @property
    def model(self) -> str:
        """The name of the model."""
        return self._generator.model

    @property
    def host(self) -> str:
        """Host and port of the server."""
        return self._generator.host

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        return self._generator.is_local

    def stream(self, prompt: Prompt, *, until: float) -> RecordedReply:
        """Return the answer; when it ends, it stands in the file."""
        return RecordedReply(self._generator.stream(prompt, until=until), prompt, self._keep)

    def _keep(self, prompt: Prompt, said: str, outcome: dict[str, Any]) -> None:
        line = {
            "identity": self.identity,
            "model": self.model,
            "host": self.host,
            "prompt": prompt_hash(prompt),
            "said": said,
            **outcome,
        }
        self._write(json.dumps(line, ensure_ascii=False) + "\n", mode="a")

    def _write(self, text: str, *, mode: str) -> None:
        try:
            with self._lock, self._path.open(mode, encoding="utf-8", errors="replace") as file:
                file.write(text)
        except FileExistsError as error:
            raise SettingsError(
                f"{self._path} exists; name another file with --record, or remove it"
            ) from error
        except OSError as error:
            raise SettingsError(f"cannot record to {self._path} ({error.strerror})") from error


class RecordedReply(Iterator[str]):
    """An answer that is written down when it ends."""

    def __init__(self, reply: GeneratedText, prompt: Prompt, keep: _Keep) -> None:
        self._reply = reply
        self._prompt = prompt
        self._keep = keep
        self._said: list[str] = []
        self._is_kept = False

    @property
    def usage(self) -> Usage:
        """What the server told beside the text."""
        return self._reply.usage

    def __next__(self) -> str:
        """Return the next piece.

        Raises:
            GenerationError: the answer failed; that is written down too.
        """
        try:
            piece = next(self._reply)
        except StopIteration:
            self._finish({"usage": asdict(self.usage)})
            raise
        except GenerationError as error:
            self._finish({"error": error.kind.value, "status": error.status})
            raise
        self._said.append(piece)
        return piece

    def close(self) -> None:
        """End the answer; what was said until then is written down."""
        self._reply.close()
        self._finish({"usage": asdict(self.usage)})

    def _finish(self, outcome: dict[str, Any]) -> None:
        if not self._is_kept:
            self._is_kept = True
            self._keep(self._prompt, "".join(self._said), outcome)


class ReplayGenerator:
    """A generator that says again what stands in a file."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            SettingsError: the file cannot be read, or is no record of a generator.
        """
        try:
            lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
            self._said: dict[str, deque[dict[str, Any]]] = {}
            for line in lines:
                self._said.setdefault(line["prompt"], deque()).append(line)
            self.identity = str(lines[-1]["identity"])
            self.model = str(lines[-1]["model"])
            self.host = str(lines[-1]["host"])
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise SettingsError(
                f"{path} is no record of a language model ({error!r}); make one with --record"
            ) from error
        self.is_local = True
        self._path = path
        self._lock = threading.Lock()

    def stream(self, prompt: Prompt, *, until: float) -> ReplayedReply:
        """Return what was said to this prompt.

        Raises:
            GenerationError: the model failed then.
            SettingsError: the prompt is not in the file.
        """
        del until
        line = self._line(prompt)
        if line.get("error"):
            raise GenerationError(
                FailureKind(line["error"]),
                self.host,
                model=self.model,
                status=line.get("status"),
            )
        return ReplayedReply(line["said"], Usage(**line["usage"]))

    def _line(self, prompt: Prompt) -> dict[str, Any]:
        """Return the next line for a prompt; its last line stays."""
        with self._lock:
            lines = self._said.get(prompt_hash(prompt))
            if lines is None:
                asked = visible(prompt.text.rsplit("\n", 1)[-1])[:_LONGEST_QUESTION]
                raise SettingsError(
                    f"{self._path} lacks what the model said to {asked!r}; it has answers to "
                    f"{len(self._said)} other prompts. It was recorded with other questions, "
                    "articles or options, or by another version, or was cut short: repeat that "
                    "command, or make a new record with --record"
                )
            return lines.popleft() if len(lines) > 1 else lines[0]


class ReplayedReply(Iterator[str]):
    """An answer from a record, in one piece."""

    def __init__(self, said: str, usage: Usage) -> None:
        self.usage = usage
        self._pieces = iter([said] if said else [])

    def __next__(self) -> str:
        """Return the only piece."""
        return next(self._pieces)

    def close(self) -> None:
        """End the answer."""
        self._pieces = iter([])


def prompt_hash(prompt: Prompt) -> str:
    """Return the SHA-256 of what a prompt says, in hexadecimal digits."""
    return hashlib.sha256(f"{prompt.instruction}\0{prompt.text}".encode()).hexdigest()
