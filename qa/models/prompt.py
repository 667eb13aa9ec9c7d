"""What a language model is asked: one instruction, one text and the form of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a language model.

    Attributes:
        instruction: What the model has to do (the "system" message).
        text: The question and the numbered sentences (the "user" message).
        max_tokens: The most tokens that the answer may take.
        schema: A JSON schema of the answer for servers that can follow one; it helps and is
            never trusted. None asks for plain lines.
    """

    instruction: str
    text: str
    max_tokens: int
    schema: Mapping[str, object] | None = None

    def __len__(self) -> int:
        """Return the length of instruction and text together, in characters."""
        return len(self.instruction) + len(self.text)
