"""Keeps what is sent to a language model within the smallest context that servers give it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from qa.question.kind import AnswerKind
from qa.text.tokens import count_tokens

MOST_SENTENCES = 24
MOST_CHARACTERS = 6_000
SMALLEST_CONTEXT = 4_096
"""Tokens of prompt and answer together; Ollama cuts longer prompts without a word."""

_DIGESTS = frozenset({AnswerKind.REPORT, AnswerKind.OVERVIEW, AnswerKind.COMPARE})
_TOKENS_OF_DIGEST = 400
_INSTRUCTION = 600  # tokens, by our estimate; a test holds the longest instruction to it
# Vocabularies of small models split Dutch into more pieces than the one that we count with.
_DUTCH = 1.5


def is_digest(kind: AnswerKind) -> bool:
    """Tell whether several sentences answer a question of this kind together."""
    return kind in _DIGESTS


def most_picks(kind: AnswerKind) -> int:
    """Return how many sentences a model may point at: three, or six for a digest."""
    return 6 if is_digest(kind) else 3


def answer_tokens(kind: AnswerKind) -> int:
    """Return how many tokens a model may write: 200, or 400 for a digest."""
    return _TOKENS_OF_DIGEST if is_digest(kind) else 200


def estimate_tokens(text: str) -> int:
    """Return how many tokens a text takes at most, by estimate.

    >>> estimate_tokens("Rusland bouwt troepen op.")
    15
    """
    return math.ceil(count_tokens(text) * _DUTCH)


@dataclass(slots=True)
class Budget:
    """What may still be added to a prompt with this question, in sentences, characters, tokens."""

    question: str
    sentences: int = MOST_SENTENCES
    characters: int = MOST_CHARACTERS
    tokens: int = field(init=False)

    def __post_init__(self) -> None:
        rest = SMALLEST_CONTEXT - _TOKENS_OF_DIGEST - _INSTRUCTION
        self.tokens = rest - estimate_tokens(self.question)

    def take(self, line: str, heading: str = "") -> bool:
        """Take a line into the prompt, below the heading of its article; tell if there was room."""
        tokens = estimate_tokens(f"{heading}\nk7: {line}\n")
        if self.sentences < 1 or len(line) > self.characters or tokens > self.tokens:
            return False
        self.sentences -= 1
        self.characters -= len(line)
        self.tokens -= tokens
        return True
