"""Spells the numbers 0 through 99 and their ordinals, in Dutch and English."""

from __future__ import annotations

from functools import cache

_NL = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf",
    "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
)  # fmt: skip
_NL_TENS = (
    "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
)  # fmt: skip
_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_EN_TENS = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_DUTCH_IRREGULAR = {"eerste": 1, "derde": 3}
_ENGLISH_IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth",
                 "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}  # fmt: skip


@cache
def cardinals(language: str) -> dict[str, int]:
    """Return the numbers 0 through 99 by name, in lower case and without accents.

    >>> cardinals("nl")["tweeentwintig"], cardinals("en")["twenty-two"]
    (22, 22)
    """
    small, tens = (_NL, _NL_TENS) if language == "nl" else (_EN, _EN_TENS)
    names = {name: number for number, name in enumerate(small)}
    for place, ten in enumerate(tens, start=2):
        names[ten] = place * 10
        for unit in range(1, 10):
            number = place * 10 + unit
            if language == "nl":
                names[f"{small[unit]}en{ten}"] = number
            else:
                names |= {f"{ten}{mark}{small[unit]}": number for mark in ("-", " ", "")}
    return names


@cache
def ordinals(language: str) -> dict[str, int]:
    """Return the ordinals 1 through 99 by name, in lower case and without accents.

    >>> ordinals("nl")["eenendertigste"], ordinals("en")["thirty-first"]
    (31, 31)
    """
    spell = _dutch_ordinal if language == "nl" else _english_ordinal
    names = {spell(name): number for name, number in cardinals(language).items() if number}
    return names | (_DUTCH_IRREGULAR if language == "nl" else {})


def _dutch_ordinal(name: str) -> str:
    return name + ("ste" if name.endswith(("tig", "acht")) else "de")


def _english_ordinal(name: str) -> str:
    for end, ordinal in _ENGLISH_IRREGULAR.items():
        if name.endswith(end):
            return name.removesuffix(end) + ordinal
    return name.removesuffix("y") + "ieth" if name.endswith("y") else name + "th"
