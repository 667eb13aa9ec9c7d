"""A question with the words that it misspells put right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A word as it is `written` in a question, and as it was `read`."""

    written: str
    read: str


@dataclass(frozen=True, slots=True)
class Respelled:
    """A question as it is read; without `misspellings` it is the typed one, to the character."""

    question: str
    misspellings: tuple[Misspelling, ...] = ()
