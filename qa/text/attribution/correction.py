"""Finds what a newspaper takes back of what it wrote earlier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from qa.text.sentences import Sentence

_PIECE = (
    r"(?:artikel|bericht|bijschrift|stuk|verhaal|interview|recensie|necrologie|krant|editie|kop"
    r"|grafiek|tabel|kaart|versie|nieuwsbrief|overzicht|verslag|column)(?:en|s|te)?"
)
_FEW = r"[^.;]{0,90}?"  # without end, so that a text of such words alone costs no more
_IN_PRINT = (
    rf"\b(?:in|bij|op)\s(?:het|een|de|ons|onze|dit|deze|eerdere|vorige)\s(?:[^.;]{{0,60}}?\s)?{_PIECE}"
    rf"\b{_FEW}\b(?:stond(?:en)?|schreven\s(?:wij|we)|meldden\s(?:wij|we))\b"
)
_IN_ENGLISH = (
    rf"\b(?:earlier|previous)\sversions?\sof\s(?:this|the|our)\s\w+\b{_FEW}"
    r"\b(?:said|stated|reported|misstated|wrote|gave)\b"
)
# What comes behind, up to the end of the clause; the points of "1.300 euro" end nothing.
_SAID_IN_PRINT = re.compile(
    rf"(?P<where>{_IN_PRINT}|{_IN_ENGLISH})(?P<said>(?:[^.;!?]|(?<=\d)\.(?=\d)){{1,400}})",
    re.IGNORECASE,
)
# Another paper, or a report of the police, has its articles too, and need not be wrong.
_OWN = re.compile(
    rf"\b(?:wij|we|ons|onze|this|our|(?:eerdere?|vorige?|eerste)\s{_PIECE}"
    r"(?:\svan\s(?:dit|deze|ons|onze)\s\w+)?\s(?:stond(?:en)?))\b",
    re.IGNORECASE,
)
_IS_WRONG = re.compile(
    r"[.;!?]\s+(?:(?:dat|dit|die)\s(?:\w+\s)?(?:moe(?:s)?t|had|klop(?:t|te)\sniet"
    r"|(?:is|was|zijn|waren)\s(?:on|niet\s)(?:juist|waar))\b|het\sjuiste\b|bedoeld\b)",
    re.IGNORECASE,
)
_OF_WHAT_WAS_WRITTEN = re.compile(
    rf"\b(?:{_PIECE}|eerder\w*|eerst|ten\sonrechte|verkeerd\w*|fout\w*|abusievelijk|stond|schreven"
    r"|earlier|previous\w*|wrong\w*|mistaken\w*|article|report\w*|version|misstated)\b",
    re.IGNORECASE,
)

_SETS_RIGHT = re.compile(
    r"(?:dat|dit|bedoeld|het\s(?:juiste|is|was|waren|gaat|ging)|de\sjuiste"
    r"|that|this|it|the\s(?:correct|right))\b",
    re.IGNORECASE,
)


@lru_cache(512)  # each candidate of a passage asks for the same text
def taken_back(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of what a text says that was written before, and was wrong.

    That is what the paper says that it wrote itself, and what it then calls wrong. What stands in
    an article of others may be true.

    >>> text = "In een eerder bericht stond dat er 212 doden waren; het waren er 198."
    >>> [text[start:end] for start, end in taken_back(text)]
    [' dat er 212 doden waren']
    """
    return tuple(
        found.span("said")
        for found in _SAID_IN_PRINT.finditer(text)
        if _OWN.search(found["where"]) or _IS_WRONG.match(text, found.end())
    )


def asks_what_was_written(question: str) -> bool:
    """Tell whether a question may ask for the wrong statement itself.

    >>> asks_what_was_written("Hoeveel doden stonden er in het eerdere bericht?")
    True
    >>> asks_what_was_written("Hoeveel doden vielen er?")
    False
    """
    return bool(_OF_WHAT_WAS_WRITTEN.search(question))


def with_correction(
    text: str, sentences: Sequence[Sentence], first: int, last: int
) -> tuple[int, int]:
    """Return the numbers of the first and last sentence to quote, for those that hold an answer.

    What is taken back is quoted with the sentence that sets it right, and the other way round:
    "Dat moet 3,8 miljoen euro zijn" alone says nothing.
    """
    for start, _ in taken_back(text):
        said = next((n for n, each in enumerate(sentences) if start < each.end), len(sentences))
        behind = sentences[said + 1 : said + 2]
        is_near = first <= said + 1 and said <= last
        if is_near and behind and _SETS_RIGHT.match(text, behind[0].start):
            return min(first, said), max(last, said + 1)
    return first, last
