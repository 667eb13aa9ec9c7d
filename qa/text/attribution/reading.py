"""A sentence as the attribution grammar reads it, and what the grammar finds in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.text.attribution.reporting_verbs import Report
from qa.text.attribution.speakers import is_speaker, noun_phrase_end

ALDUS = re.compile(r"\b(?:aldus|dixit)\s+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words of a text, `text[start:end]`, and who says them.

    `speaker` stands at `text[speaker_start:speaker_end]`, unless a pronoun or role stands there
    and the speaker was found further up: then both are None. `resolved` is False where it stays
    open whom the pronoun means. `quoted` marks direct speech; `verb_start` is where the verb, or
    a word such as "volgens", stands, and None where only a colon leads to the words.
    """

    speaker: str
    speaker_start: int | None
    speaker_end: int | None
    start: int
    end: int
    quoted: bool = False
    resolved: bool = True
    verb_start: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence (`hidden[start:end]`) of a text whose quotations are hidden."""

    hidden: str
    start: int
    end: int
    language: str
    verbs: tuple[Report, ...]

    def phrase(self, at: int, limit: int | None = None) -> tuple[int, int] | None:
        """Return the span of the speaker who is named from a place on."""
        end = noun_phrase_end(self.hidden, at, self.language, self.end if limit is None else limit)
        return (at, end) if end and is_speaker(self.hidden[at:end]) else None


def said(
    speaker: tuple[int, int], said: tuple[int, int], verb: int | None, *, quoted: bool = False
) -> Attribution:
    """Return the attribution of a span to the speaker who is named at another."""
    return Attribution("", *speaker, *said, quoted=quoted, verb_start=verb)


def sentence_close(reading: Reading) -> int:
    """Return where the words of a sentence end, before its full stop."""
    words = reading.hidden[reading.start : reading.end]
    return reading.start + len(words.rstrip(".!?… "))


def after_space(text: str, at: int) -> int:
    """Return the first place from `at` on without a space."""
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def after_punctuation(text: str, at: int) -> int:
    """Return the first place from `at` on without a space or comma."""
    while at < len(text) and text[at] in " ,":
        at += 1
    return at
