"""Tells whether a sentence states, denies, ends, plans or corrects the thing that a span names."""

from __future__ import annotations

import re
from enum import Enum

LONGEST_SENTENCE = 2_000  # characters; the rest of a longer sentence is not read


class State(Enum):
    """What a sentence says of its claim."""

    ASSERTED = "asserted"
    DENIED = "denied"
    ENDED = "ended"
    PLANNED = "planned"
    CORRECTED = "corrected"


_CORRECTED = re.compile(
    r"anders dan (?:eerder )?(?:gemeld|bericht|vermeld)|\bdat (?:moet|had)\b.{0,40}\bzijn\b"
    r"|\brectificatie\b|^correctie\b|^correction\b|ten onrechte (?:dat|vermeld)"
    r"|eerdere versie|earlier version|misstated|should have (?:been|read)|we regret the error",
    re.IGNORECASE,
)
_SUCCEEDED = re.compile(
    r"\b(?:opgevolgd door|vervangen door|succeeded by|replaced by|opvolger (?:is|heet|wordt))\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\bopgestapt\b|\b(?:trad|treedt|traden)\b.{0,40}\baf\b|\bafgetreden\b"
    r"|\bontslag genomen\b"
    r"|\bnam ontslag\b|\b(?:stapte|stapt|stapten)\b.{0,40}\bop\b|\bneergelegd\b"
    r"|\blegde\b.{0,60}\bneer\b|\b(?:verliet|vertrok|vertrokken)\b|\bgesloopt\b|\bopgeheven\b"
    r"|\btot (?:vorig|voor|eind|begin|in|\d{4})\b.{0,30}\b(?:was|waren)\b"
    r"|\b(?:was|waren) tot (?:vorig|voor|eind|begin|in|\d{4})"
    r"|\bvoormalige?\b|\boud-\w+|\bex-\w+|\bvoorganger\b|\bgeen\b.{1,40}\bmeer\b|\bniet langer\b"
    r"|\bontslagen\b|\bafgezet\b"
    r"|\bresign(?:s|ed)\b|\bstep(?:s|ped) down\b|\bformer\b|\bno longer\b|\bpredecessor\b"
    r"|\buntil (?:last|recently|\d{4})\b|\bquit\b|\bousted\b|\bdemolished\b",
    re.IGNORECASE,
)
_DENIAL_OF_CLAUSE = re.compile(  # the words after it are denied, whatever they say
    r"\b(?:ontken|weersprek|weerspreek|weersprak|bestrijd|bestreed|betwist)\w*\b|\bniet waar dat\b"
    r"|\b(?:spreekt|sprak|spraken|spreken) tegen\b|\bdeni(?:es|ed)\b|\bnot true that\b"
    r"|\brejected claims\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\bontken(?:t|nen|de|den)\b|\b(?:niet|never) waar\b|\bonwaar\b|\bonjuist\b|\bgeen\b|\bnooit\b"
    r"|\b(?:spreekt|sprak|spraken|spreken)\b.{0,40}\btegen\b|\bweersprak\w*|\bweerspreekt\b"
    r"|\bklop(?:t|pen|te|ten)\b.{0,60}\bniet\b|\bniet\b|\bbestrijdt\b|\bbetwist\b|\bniemand\b"
    r"|\bden(?:y|ies|ied)\b|\bnot\b|\bno\b|\bnever\b|\bnobody\b|\bfalse\b|\brefuted?\b"
    r"|\brejected claims\b|\w+n't\b",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"\b(?:niet alleen|not only|niet minder|no less|niet meer dan|not more than"
    r"|no fewer|no later|niet eerder|in geen geval minder)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\bzal\b|\bzullen\b|\bwil\b|\bwillen\b|\bvan plan\b"
    r"|\bgaa[nt]?\b.{0,60}\b(?:open|dicht|\w+en)\b"
    r"|\bnaar verwachting\b|\bgepland\b|\boverweegt\b|\boverwegen\b|\bhoopt\b|\bmoet in\b"
    r"|\bvolgende? (?:week|maand|jaar)\b|\bkomend\w* (?:week|maand|jaar)\b|\bvoornemens\b"
    r"|\bwill\b|\bplans? to\b|\bintends? to\b|\bexpected to\b|\bhopes? to\b|\bset to\b"
    r"|\bnext (?:week|month|year)\b|\bdue to (?:open|start|begin)\b|\bconsidering\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"[,;:]\s+(?:maar|but|terwijl|while|doch|en|and)?\s*", re.IGNORECASE)
_SUBORDINATE = re.compile(r"^(?:dat|die|that|who|which|is|zegt|zei|said|says)\b", re.IGNORECASE)


def state_of(sentence: str, start: int, end: int, language: str) -> State:
    """Return what a sentence says of the thing that `sentence[start:end]` names.

    A denial counts in the clause of the span and in the clause that governs it. A correction counts
    anywhere in the sentence.

    >>> state_of("De vulkaan barstte uit, maar er vielen geen doden.", 3, 10, "nl")
    <State.ASSERTED: 'asserted'>
    >>> state_of("Rusland ontkent dat het een inval voorbereidt.", 28, 33, "nl")
    <State.DENIED: 'denied'>
    """
    del language  # the words of the two languages differ enough to search for all of them at once
    sentence = sentence[:LONGEST_SENTENCE]
    if _CORRECTED.search(sentence):
        return State.CORRECTED
    first, last = _clause(sentence, start, end)
    clause = sentence[first:last]
    denial = _DENIAL_OF_CLAUSE.search(clause)
    if denial and first + denial.end() <= start:
        return State.DENIED
    successor = _SUCCEEDED.search(clause)
    if successor:
        return State.ASSERTED if start >= first + successor.end() else State.ENDED
    if _ENDED.search(clause):
        return State.ENDED
    if _DENIED.search(_NOT_ONLY.sub("", clause)):
        return State.DENIED
    return State.PLANNED if _PLANNED.search(clause) else State.ASSERTED


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return the main clause around a span, with its subordinate clauses."""
    first, last = 0, len(sentence)
    for cut in _CUT.finditer(sentence):
        if _SUBORDINATE.match(sentence[cut.end() :]):
            continue
        if cut.end() <= start:
            first = cut.end()
        elif cut.start() >= end:
            last = cut.start()
            break
    return first, last
