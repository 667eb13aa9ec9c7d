"""Tells whether words take a number apart from what belongs to it: "10" from "10 tot 15"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.answer.values.quantities import bound_start
from qa.dates.expressions.vocabulary import fold
from qa.text.numbers import number_at

_TOKEN = re.compile(
    r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}(?!\d))+|\d[\d.,:]*\d|\d|[^\W\d_]+(?:-[^\W\d_]+)*"
)
_SIGNS = "-−–+±~≈<>≤≥"
_JOINT = re.compile(
    r"\s?(?:tot|naar|à|to|of|or|op|in|van|out\sof|for|per|bij|by|keer|maal|times|x|×|[-–—/])"
    r"(?:\s(?:de|het|the|elke|every|each))?\s?"
)
_AND = re.compile(r"\s(?:en|and)\s")
_PAIRED = re.compile(r"\b(?:tussen|between)\s(?:de\s|the\s)?$", re.IGNORECASE)
_YEAR = re.compile(r"1\d{3}|20\d\d")
_OF_YEAR = re.compile(r"\s(?:in|van|op|of)\s")
# What stands before a number or a group, and makes it another one: "de helft van de leden". For
# "één op de drie": `number_at` takes "een" for an article.
_PART = re.compile(
    r"(?:(?:helft|kwart|derde|vierde|vijfde|tiende|deel|handvol|procent|%|meerderheid|minderheid"
    r"|dubbele|drievoudige|veelvoud|half|thirds?|quarters?|fifths?|tenths?|part|handful|percent|most"
    r"|majority|minority)\s(?:van|of)|\b(?:double|twice|triple|thrice|dubbel)"
    r"|\b(?:[eé][eé]n|one)\s(?:op|in|van|out\sof))\s(?:de\s|het\s|the\s|all\s|alle\s|elke\s|every\s)?$",
    re.IGNORECASE,
)
# What stands behind a number and makes it a bound or a difference: "3 doden minder".
_MORE_AFTER = re.compile(
    r"(?:\s(?:of|or))?\s(?:meer|minder|more|less|fewer|te\s(?:veel|weinig)|too\s(?:many|much|few)"
    r"|plus|zo(?:veel|\sveel)|as\s(?:many|much)|short|vroeger|eerder|earlier|\w{3,}er(?=\s(?:dan|than"
    r"|geworden|uit\b))|(?:old|young|long|high|low|larg|small|cheap)er|ouder|jonger|langer|korter"
    r"|hoger|lager|duurder|goedkoper)\b|\+"
)
_MONTH = r"(?:jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec|mar|may|oct)\w*"
_DATE = re.compile(rf"(?:{_YEAR.pattern})\b|\d{{1,2}}\s{_MONTH}|{_MONTH}\s\d", re.IGNORECASE)
_TIME_BEFORE = re.compile(
    r"\b(?:t/m|vóór|voor|na|sinds|tot(?:\sen\smet)?|vanaf|before|after|since|until|through|by|from)\s$",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"\btot(?:\swel)?\s$", re.IGNORECASE)


def amount_start(text: str, start: int, language: str) -> int:
    """Return where the bound begins on the number or date at a place; the place if it has none.

    >>> amount_start("Dat moet vóór 2030 klaar zijn.", 14, "nl")
    9
    """
    if _DATE.match(text, start):
        before = _TIME_BEFORE.search(text, 0, start)
        return before.start() if before else start
    if not any(first == start for first, _ in numbers_in(text, language)):
        return start
    before = _UP_TO.search(text, 0, start)
    return before.start() if before else bound_start(text, start)


def is_torn(text: str, start: int, end: int, language: str) -> bool:
    """Tell whether a stretch holds a part of a number, range or share, and not the rest of it.

    >>> text = "De reis duurt 10 tot 15 dagen."
    >>> is_torn(text, 14, 16, "nl"), is_torn(text, 14, 29, "nl")
    (True, False)
    """
    numbers = numbers_in(text, language)
    ends_inside = any(first < place < last for first, last in numbers for place in (start, end))
    return (
        ends_inside
        or (text[start].isdigit() and text[max(0, start - 1) : start] in tuple(_SIGNS))
        or bool(_PART.search(text, 0, start))
        or bool(_MORE_AFTER.match(text, end))
        or any(
            (start <= one[0] < end) != (start <= other[0] < end) and _belong(text, one, other)
            for one, other in pairwise(numbers)
        )
    )


def numbers_in(text: str, language: str) -> list[tuple[int, int]]:
    """Return where the numbers of a text stand, in digits or in words.

    >>> text = "Na twee en een half jaar waren er 14 000 man."
    >>> [text[first:last] for first, last in numbers_in(text, "nl")]
    ['twee en een half', '14 000']
    """
    tokens = [(each.start(), each.end()) for each in _TOKEN.finditer(text)]
    words = [fold(re.sub(r"\s", "\u2009", text[first:last])) for first, last in tokens]
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        number = number_at(words[at : at + 8], language)
        taken = number.taken if number else int(words[at][0].isdigit())
        if taken:
            found.append((tokens[at][0], tokens[at + taken - 1][1]))
        at += taken or 1
    return found


def _belong(text: str, one: Sequence[int], other: Sequence[int]) -> bool:
    """Tell whether two numbers are a range, a share or a choice."""
    between = text[one[1] : other[0]]
    if _AND.fullmatch(between):
        return bool(_PAIRED.search(text, 0, one[0]))
    if _OF_YEAR.fullmatch(between) and _YEAR.fullmatch(text, *other):
        return False
    return bool(_JOINT.fullmatch(between))
