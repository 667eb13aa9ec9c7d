"""Finds speech that a sentence reports without quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.text.attribution.quotations import HIDDEN
from qa.text.attribution.reading import (
    ALDUS,
    Attribution,
    Reading,
    after_punctuation,
    after_space,
    said,
    sentence_close,
)
from qa.text.attribution.reporting_verbs import PARTICIPLE, Report

_ACCORDING = re.compile(
    r"\b(?:volgens|according to|in de ogen van|in the eyes of)\s+", re.IGNORECASE
)
_CLAUSE_START = re.compile(
    r"(?:^|[,;:]|\b(?:dat|that|maar|but|want|en|and|as|zo)\b)[\s\"”“’]*"
    r"(?:(?:maar|en|want|but|and|as|zowel)\s+(?!.{0,3}$))?",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\s*(?:,\s[^,]{1,80},\s*)?"
    r"(?:(?:heeft|hebben|had|hadden|zou|has|have|ook|nog|al|eerder|also|later)\s+)*"
    r"(?:\w+dag\s+)?$"
)
_PARTICIPLE_FILLER = re.compile(
    r"\s+(?:heeft|hebben|had|hadden|zou|has|have)\b(?:\s+\w+){0,4}?\s*$"
)
_THAT = {
    "nl": re.compile(r"\b(?:dat|of|waarom|hoe|om)\b\s*"),
    "en": re.compile(r"\b(?:that|whether|why|how)\b\s*"),
}
_THAT_WITHIN = 80  # characters between the verb and its clause
_AND = re.compile(r"\s(?:en|and)\s+$")
_CONTRAST = re.compile(r",\s+(?:maar|but|terwijl|while)\s")
_INFINITIVE = re.compile(r"\s*(?:geen|niets|niet|zich)?\b[^,]*\bte\s\w+en\W*$")
_LATER = re.compile(r"^\s+(?:reporters\s+|(?:on|op|in)\s+\w+\s+|\w*dag\s+)?(?=\S)")
_DENIED_REPORT = re.compile(r"\b(?:niet|nooit|not|never)\s+$")
_THAT_SAYS = re.compile(r"(?:Dat|Dit|That)\s")
_AGAINST = re.compile(r"(?P<verb>\bspreekt|\bsprak|\bspreken)\s+dat\s+tegen")
_OPEN_CLAUSE_STOP = re.compile(r"(?:niets|niet|wie|wat|when|what|nothing|so|zo|zich)\b")
_KEPT = frozenset({"waarom", "why", "whether", "hoe", "how", "om"})


def backward(reading: Reading, before: Reading | None) -> Iterator[Attribution]:
    """Yield the sentence before `Dat zegt X`, and the words before `, zegt X`."""
    against = _AGAINST.search(reading.hidden, reading.start, reading.end)
    if against and before:
        phrase = reading.phrase(reading.start)
        if phrase and phrase[1] < against.start():
            yield said(phrase, (before.start, before.end), against.start("verb"))
    for verb in reading.verbs:
        phrase = reading.phrase(after_space(reading.hidden, verb.end))
        if phrase is None:
            continue
        lead = reading.hidden[reading.start : verb.start]
        if before and _THAT_SAYS.fullmatch(lead):
            yield said(phrase, (before.start, before.end), verb.start)
        elif _closes_clause(reading, verb, phrase):
            words = reading.start, _lead_end(reading, verb.start)
            yield said(phrase, words, verb.start)
    yield from _trailing(reading)


def _closes_clause(reading: Reading, verb: Report, phrase: tuple[int, int]) -> bool:
    """Tell whether X says the words before `, zegt X`."""
    lead = reading.hidden[reading.start : verb.start]
    rest = reading.hidden[phrase[1] : reading.end]
    is_led = re.search(r"\w[^¤]*,\s+(?:zo\s+)?$", lead) is not None
    return (
        is_led
        and not _THAT[reading.language].search(rest)
        and HIDDEN not in lead
        and not lead.startswith("Op de")
    )


def _lead_end(reading: Reading, at: int) -> int:
    """Return where the words before `, zegt X` end."""
    lead = reading.hidden[reading.start : at]
    return reading.start + len(re.sub(r",\s+(?:zo\s+)?$", "", lead))


def _trailing(reading: Reading) -> Iterator[Attribution]:
    """Yield the words before `, aldus X`, and before the English `, X said`."""
    aldus = ALDUS.search(reading.hidden, reading.start, reading.end)
    if aldus and HIDDEN not in reading.hidden[reading.start : aldus.start()]:
        phrase = reading.phrase(aldus.end())
        if phrase and aldus.start() > reading.start:
            words = reading.start, _lead_end(reading, aldus.start())
            yield said(phrase, words, aldus.start())
    if reading.language != "en" or not reading.verbs:
        return
    verb = reading.verbs[-1]
    if re.fullmatch(r"\W*", reading.hidden[verb.end : reading.end]):
        comma = reading.hidden.rfind(", ", reading.start, verb.start)
        phrase = reading.phrase(comma + 2, verb.start) if comma > 0 else None
        is_free = comma > 0 and HIDDEN not in reading.hidden[reading.start : comma]
        if phrase and is_free and after_space(reading.hidden, phrase[1]) == verb.start:
            yield said(phrase, (reading.start, comma), verb.start)


def according(reading: Reading) -> Iterator[Attribution]:
    """Yield the words around `volgens X`."""
    for cue in _ACCORDING.finditer(reading.hidden, reading.start, reading.end):
        phrase = reading.phrase(cue.end())
        if phrase is None:
            continue
        words = reading.start, sentence_close(reading)
        if cue.start() == reading.start:
            apposition = re.compile(r",\s[^,]{1,80},").match(reading.hidden, phrase[1], reading.end)
            at = apposition.end() if apposition else phrase[1]
            words = after_punctuation(reading.hidden, at), words[1]
        if words[0] < words[1]:
            yield said(phrase, words, cue.start())


def report_of(reading: Reading, verb: Report) -> Iterator[Attribution]:
    """Yield the words after a verb that the verb reports."""
    if _DENIED_REPORT.search(reading.hidden, max(reading.start, verb.start - 8), verb.start):
        return
    phrase = _subject_before(reading, verb)
    at = max(verb.end, verb.companion_end if not verb.whole else verb.end)
    if phrase is None:
        phrase = reading.phrase(after_space(reading.hidden, verb.end))
        at = phrase[1] if phrase else at
        words = _clause(reading, at, whole=False)
    else:
        words = _clause(reading, at, whole=verb.whole)
        if words is None and verb.companion_start < verb.companion_end:
            words = _clause(reading, verb.end, whole=False)
    if phrase and words:
        yield said(phrase, words, verb.start)


def _subject_before(reading: Reading, verb: Report) -> tuple[int, int] | None:
    """Return the speaker right before a verb: the subject of the verb's clause."""
    written = reading.hidden[verb.start : verb.end]
    filler = [_FILLER]
    if PARTICIPLE.search(written) or "laten" in written:
        filler.append(_PARTICIPLE_FILLER)
    starts = [m.end() for m in _CLAUSE_START.finditer(reading.hidden, reading.start, verb.start)]
    for start in [*reversed(starts[-6:]), reading.start]:
        phrase = reading.phrase(start, verb.start)
        if phrase:
            between = reading.hidden[phrase[1] : verb.start]
            if any(pattern.match(between) for pattern in filler):
                return _apposed(reading, phrase, verb.start)
    return None


def _apposed(reading: Reading, phrase: tuple[int, int], verb: int) -> tuple[int, int]:
    """Return the name in "de minister, Ben Wallace, waarschuwde", else the phrase itself."""
    named = re.compile(r",\s(?=[^\W\d_])(?=[^a-z])").match(reading.hidden, phrase[1], verb)
    other = reading.phrase(named.end()) if named else None
    return other if other and reading.hidden[other[1] : other[1] + 1] == "," else phrase


def _clause(reading: Reading, at: int, *, whole: bool) -> tuple[int, int] | None:
    """Return the reported clause after a verb."""
    end = sentence_close(reading)
    that = _THAT[reading.language].search(reading.hidden, at, min(end, at + _THAT_WITHIN))
    if that and not re.search(r"[.:;¤]", reading.hidden[at : that.start()]):
        start = that.start() if that.group().strip() in _KEPT else that.end()
        return _trimmed(reading, start, end)
    rest = reading.hidden[at:end]
    if whole or _INFINITIVE.match(rest):
        later = _LATER.match(rest)
        start = at + (later.end() if later else 0)
        if start < end and not _OPEN_CLAUSE_STOP.match(reading.hidden, start) and later:
            return _trimmed(reading, start, end)
    return None


def _trimmed(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    contrast = _CONTRAST.search(reading.hidden, start, end)
    end = contrast.start() if contrast else end
    for verb in reading.verbs:  # "noemt het te mager en eist meer"
        lead = _AND.search(reading.hidden, start, verb.start) if verb.start < end else None
        end = lead.start() if lead else end
    return (start, end) if start < end else None
