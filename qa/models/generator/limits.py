"""Holds the limits within which a language model is listened to."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much a server may say, beside the time for the whole question.

    Attributes:
        connect: Seconds to connect.
        first: Seconds to the first piece of the answer. By default it may take the whole time: a
            model on a processor reads our longest prompt for half a minute or more before it says
            a word, and first it may have to be loaded.
        gap: Seconds between two pieces.
        after_end: Seconds to wait, once the answer has ended, for the count of tokens.
        retry_after: The longest wait that a busy server may ask for, in seconds.
        most_bytes: The most bytes of an answer.
        longest_line: The most bytes of a line.
        most_characters: The most characters of text.
        waiting: The most questions that wait for their turn.
        failures: After so many failures in a row, the server rests.
        rest: Seconds for which it is then not asked.
    """

    connect: float = 3
    first: float = math.inf
    gap: float = 20
    after_end: float = 1
    retry_after: float = 10
    most_bytes: int = 2_000_000
    longest_line: int = 64_000
    most_characters: int = 8_000
    waiting: int = 8
    failures: int = 3
    rest: float = 60
