"""Finds who says which words of a news text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from qa.text.attribution.direct_speech import continued, direct_speech
from qa.text.attribution.indirect_speech import according, backward, report_of
from qa.text.attribution.persons import resolve
from qa.text.attribution.quotations import HIDDEN, Quotation, hide_quotations, quotations
from qa.text.attribution.reading import Attribution, Reading
from qa.text.attribution.reporting_verbs import Report, reports
from qa.text.sentences import split_sentences

LONGEST_TEXT = 200_000  # characters; the rest of a longer text is not read
LONGEST_SENTENCE = 2_000  # characters; a longer "sentence" is no prose
_ONLY_QUOTATION = re.compile(rf"[„“\"‘]{HIDDEN}+[.!?…]?[”“\"’]")


def attributions(text: str, language: str) -> tuple[Attribution, ...]:
    """Return the words that somebody says in a text, in order; offsets count from its start.

    >>> text = "Minister Kaag was in Gent. „Het is klaar”, zei ze. Volgens Jan Bos is dat onwaar."
    >>> [(a.speaker, text[a.start:a.end]) for a in attributions(text, "nl")]
    [('Minister Kaag', 'Het is klaar'), ('Jan Bos', 'is dat onwaar')]
    """
    language = "en" if language == "en" else "nl"
    text = text[:LONGEST_TEXT]
    marked = quotations(text)
    hidden = hide_quotations(text, marked)
    found: list[Attribution] = []
    before: Reading | None = None
    starts = [quotation.opens for quotation in marked]
    for sentence in split_sentences(hidden, language=language):
        if sentence.end - sentence.start > LONGEST_SENTENCE:
            before = None
            continue
        verbs = _shifted(reports(hidden[sentence.start : sentence.end], language), sentence.start)
        reading = Reading(hidden, sentence.start, sentence.end, language, verbs)
        inside = marked[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        found += _in_sentence(reading, inside, before, found[-8:])
        before = reading
    found = [_without_marks(hidden, one) for one in found]
    ordered = sorted(set(found), key=lambda one: (one.start, one.end))
    return tuple(_resolved(text, ordered, language))


def _resolved(text: str, found: list[Attribution], language: str) -> Iterator[Attribution]:
    """Yield the attributions, each pronoun or role replaced by the person it means."""
    for one in found:
        at = one.speaker_start or 0
        written = text[at : one.speaker_end]
        meant, is_sure = resolve(text, at, written, language)
        if meant == written:
            yield replace(one, speaker=written, resolved=is_sure)
        else:
            yield replace(one, speaker=meant, speaker_start=None, speaker_end=None)


def _shifted(verbs: tuple[Report, ...], by: int) -> tuple[Report, ...]:
    return tuple(
        Report(
            verb.start + by,
            verb.end + by,
            verb.companion_start + by,
            verb.companion_end + by,
            verb.whole,
        )
        for verb in verbs
    )


def _in_sentence(
    reading: Reading,
    inside: tuple[Quotation, ...],
    before: Reading | None,
    earlier: list[Attribution],
) -> list[Attribution]:
    """Return the attributions in one sentence, of its own words or of the sentence before."""
    direct = list(direct_speech(reading, inside))
    if inside and not direct:
        direct = list(continued(reading, inside, before, earlier))
    taken = {one.verb_start for one in direct}
    indirect = [*backward(reading, before), *according(reading)]
    taken |= {one.verb_start for one in indirect}
    for verb in reading.verbs:
        if verb.start not in taken:
            indirect += report_of(reading, verb)
    return [*direct, *indirect]


def _without_marks(hidden: str, one: Attribution) -> Attribution:
    """Return an attribution of exactly one quotation ("...". Dat zegt X) as direct speech."""
    if _ONLY_QUOTATION.fullmatch(hidden, one.start, one.end):
        return replace(one, start=one.start + 1, end=one.end - 1, quoted=True)
    return one
