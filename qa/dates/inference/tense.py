"""Tells whether the words around a date look back at it or ahead to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from qa.dates.expressions.outlook import DUTCH_PAST, ENGLISH_PAST
from qa.dates.inference.kinds import Tense

# How far from a date its verb is looked for, in characters.
_REACH = 200
_SENTENCE_END = re.compile(r"[.!?…]['\"’”)]*\s+(?=[A-ZÀ-Ý„“\"'‘(])|\n")
_CLAUSE_END = re.compile(r"[,;:()–—]\s")

_DUTCH_FUTURE = r"""
    (?: zal | zullen | zult | gaat | gaan | wil | willen | moet(?:en)? | gepland | verwacht(?:en)?
      | komende | aanstaande | volgende? | uiterlijk | vanaf | begint | beginnen | staat\sop
      | van\splan | hoop(?:t|en) | binnenkort )
"""
# Looks ahead only where nothing looks back: "zei te komen" is about what was said.
_DUTCH_WEAK_FUTURE = r"te\s\w+en"

_ENGLISH_FUTURE = r"""
    (?: will | shall | going\sto | is\sto | are\sto | scheduled | expected | plans? | planned
      | due | upcoming | next | coming | until | starts | begins )
"""
_ENGLISH_WEAK_FUTURE = r"to\s\w+"
_PATTERNS = {
    "nl": (DUTCH_PAST, _DUTCH_FUTURE, _DUTCH_WEAK_FUTURE),
    "en": (ENGLISH_PAST, _ENGLISH_FUTURE, _ENGLISH_WEAK_FUTURE),
}


@dataclass(frozen=True, slots=True)
class _Markers:
    past: re.Pattern[str]
    future: re.Pattern[str]
    weak_future: re.Pattern[str]

    def tense(self, words: str) -> Tense | None:
        """Return the tense of words: `UNKNOWN` if they have both tenses, `None` if neither."""
        past, future = bool(self.past.search(words)), bool(self.future.search(words))
        if past and future:
            return Tense.UNKNOWN
        if past:
            return Tense.PAST
        return Tense.FUTURE if future or self.weak_future.search(words) else None


def tense_around(text: str, start: int, end: int, *, language: str) -> Tense:
    """Return the tense of the clause around `text[start:end]`, or else of its sentence.

    >>> text = "Hij zal zaterdag spreken, zei hij donderdag."
    >>> [tense_around(text, text.index(day), text.index(day) + 8, language="nl").value
    ...  for day in ("zaterdag", "donderdag")]
    ['future', 'past']
    """
    markers = _markers("nl" if language == "nl" else "en")
    left, right = text[max(start - _REACH, 0) : start], text[end : end + _REACH]
    for boundary in (_CLAUSE_END, _SENTENCE_END):
        sentence_left, sentence_right = _cut(left, right, _SENTENCE_END)
        near_left, near_right = _cut(sentence_left, sentence_right, boundary)
        found = markers.tense(f"{near_left} {text[start:end]} {near_right}")
        if found:
            return found
    return Tense.UNKNOWN


def _cut(left: str, right: str, boundary: re.Pattern[str]) -> tuple[str, str]:
    begin = max((match.end() for match in boundary.finditer(left)), default=0)
    stop = boundary.search(right)
    return left[begin:], right[: stop.start()] if stop else right


@cache
def _markers(language: str) -> _Markers:
    past, future, weak_future = (
        re.compile(rf"\b{pattern}\b", re.VERBOSE | re.IGNORECASE) for pattern in _PATTERNS[language]
    )
    return _Markers(past, future, weak_future)
