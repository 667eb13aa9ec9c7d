"""Asks a language model that somebody plugs in; the only way by which words leave the machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from qa.models.generator.chat import ChatGenerator
from qa.models.generator.failure import FailureKind, GenerationError
from qa.models.generator.limits import Limits
from qa.models.generator.recording import RecordingGenerator, ReplayGenerator
from qa.models.generator.reply import Reply
from qa.models.generator.reply_parser import Usage
from qa.models.generator.settings import GeneratorSettings
from qa.models.prompt import Prompt

__all__ = [
    "ChatGenerator",
    "FailureKind",
    "GenerationError",
    "Generator",
    "GeneratorSettings",
    "Limits",
    "RecordingGenerator",
    "ReplayGenerator",
    "Reply",
    "Usage",
]


class Generator(Protocol):
    """A language model that can be asked."""

    @property
    def identity(self) -> str:
        """Server, model and version of the instruction, for the fingerprint of an answer."""
        ...

    @property
    def model(self) -> str:
        """The name of the model; empty as long as none has been chosen."""
        ...

    @property
    def host(self) -> str:
        """Host and port of the server."""
        ...

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        ...

    def stream(self, prompt: Prompt, *, until: float) -> Iterator[str]:
        """Yield the answer in pieces, until a moment of the monotonic clock at the latest.

        Raises:
            GenerationError: there is no answer, or it broke off; no other error is raised.
        """
        ...
