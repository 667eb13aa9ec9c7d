"""What a language model must offer to be asked, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from qa.models.generator.reply_parser import Usage
from qa.models.prompt import Prompt


class GeneratedText(Iterator[str], Protocol):
    """The answer of a language model, piece by piece."""

    @property
    def usage(self) -> Usage:
        """What was told beside the text; complete once the iteration has ended."""
        ...

    def close(self) -> None:
        """End the answer; any thread may do so, and nothing happens if it has ended."""
        ...


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

    def stream(self, prompt: Prompt, *, until: float) -> GeneratedText:
        """Yield the answer in pieces, until a moment of the monotonic clock at the latest.

        Raises:
            GenerationError: there is no answer, or it broke off; no other error is raised.
        """
        ...
