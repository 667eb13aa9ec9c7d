"""Finds quotations that have a speaker beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.text.attribution.quotations import HIDDEN, Quotation
from qa.text.attribution.reading import ALDUS, Attribution, Reading, after_space, said


def direct_speech(reading: Reading, inside: tuple[Quotation, ...]) -> Iterator[Attribution]:
    """Yield the quotations of a sentence that have a speaker beside them."""
    known: tuple[tuple[int, int], int | None] | None = None
    for quotation in inside:
        spoken = _speaker_after(reading, quotation) or _speaker_before(reading, quotation)
        gap = reading.hidden[known[0][1] : quotation.opens] if known else ""
        if not spoken and known and re.fullmatch(r"[^¤.]{0,60}[,:.]\s*", gap):
            spoken = known  # "Nee", zei Klaver, "nooit."
        if spoken:
            known = spoken
            yield said(spoken[0], (quotation.start, quotation.end), spoken[1], quoted=True)


def _speaker_after(
    reading: Reading, quotation: Quotation
) -> tuple[tuple[int, int], int | None] | None:
    """Return the speaker and verb after a quotation: `", zei X`, `", X said`, `", aldus X`."""
    lead = re.compile(r"\s*,?\s*(?:zo\s+)?").match(reading.hidden, quotation.closes, reading.end)
    at = lead.end() if lead else quotation.closes
    aldus = ALDUS.match(reading.hidden, at, reading.end)
    if aldus:
        phrase = reading.phrase(aldus.end())
        return (phrase, at) if phrase else None
    for verb in reading.verbs:
        if verb.start == at:
            phrase = reading.phrase(after_space(reading.hidden, verb.end))
            return (phrase, at) if phrase else None
    following = [verb.start for verb in reading.verbs if verb.start > at]
    is_english = reading.language == "en" and following
    phrase = reading.phrase(at, following[0]) if is_english else None
    after = after_space(reading.hidden, phrase[1]) if phrase else -1
    if phrase and any(verb.start == after for verb in reading.verbs):
        return phrase, after
    return None


def _speaker_before(
    reading: Reading, quotation: Quotation
) -> tuple[tuple[int, int], int | None] | None:
    """Return the speaker and verb before a quotation: `X zegt: "` or `X: "`."""
    lead = reading.hidden[reading.start : quotation.opens]
    if not lead.rstrip().endswith(":") or HIDDEN in lead:
        return None
    phrase = reading.phrase(reading.start)
    verbs = [verb.start for verb in reading.verbs if verb.start < quotation.opens]
    return (phrase, verbs[0] if verbs else None) if phrase else None


def continued(
    reading: Reading,
    inside: tuple[Quotation, ...],
    before: Reading | None,
    earlier: list[Attribution],
) -> Iterator[Attribution]:
    """Yield the quotations of a sentence without other words, after a sentence with speech.

    The last speaker in the earlier sentence says them too, whether quoted there or reported.
    """
    own = reading.hidden[reading.start : reading.end]
    is_bare = inside[0].opens == reading.start and not re.search(r"\w", own.replace(HIDDEN, ""))
    if not is_bare or before is None or "\n" in reading.hidden[before.end : reading.start]:
        return
    spoken = [one for one in earlier if before.start <= one.start < before.end]
    if spoken:
        last = spoken[-1]
        for quotation in inside:
            yield replace(last, start=quotation.start, end=quotation.end, quoted=True)
