"""Holds a sentence as the attribution grammar reads it, and the attributions that it finds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.text.attribution.reporting_verbs import Report
from qa.text.attribution.speakers import is_speaker, noun_phrase_end

ALDUS = re.compile(r"\b(?:aldus|dixit)\s+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words of a text, `text[start:end]`, and the person who says them.

    The speaker stands at `text[speaker_start:speaker_end]`. Both are None if a pronoun or role
    stands there and the speaker was found earlier in the text. `resolved` is False if it is unclear
    whom the pronoun or role means. `quoted` marks direct speech. `verb_start` is the place of the
    verb or of a word such as "volgens", and None if only a colon leads to the words.
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
    """A sentence, `hidden[start:end]`, of a text whose quotations are hidden."""

    hidden: str
    start: int
    end: int
    language: str
    verbs: tuple[Report, ...]

    def phrase(self, at: int, limit: int | None = None) -> tuple[int, int] | None:
        """Return the span of the speaker whose name or description starts at a place."""
        end = noun_phrase_end(self.hidden, at, self.language, self.end if limit is None else limit)
        return (at, end) if end and is_speaker(self.hidden[at:end]) else None


def said(
    speaker: tuple[int, int], said: tuple[int, int], verb: int | None, *, quoted: bool = False
) -> Attribution:
    """Return the attribution of the span `said` to the speaker at the span `speaker`."""
    return Attribution("", *speaker, *said, quoted=quoted, verb_start=verb)


def sentence_close(reading: Reading) -> int:
    """Return where the last word of a sentence ends, before its full stop."""
    words = reading.hidden[reading.start : reading.end]
    return reading.start + len(words.rstrip(".!?… "))


def after_space(text: str, at: int) -> int:
    """Return the first place at or after `at` that is no space."""
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def after_punctuation(text: str, at: int) -> int:
    """Return the first place at or after `at` that is no space or comma."""
    while at < len(text) and text[at] in " ,":
        at += 1
    return at
