"""Joins words that are broken at the end of a line, as printed pages and OCR break them."""

from __future__ import annotations

import re

# As typed, soft, typographic, as OCR reads it, and the double oblique one of old print.
_HYPHENS = "-\u00ad\u2010\u00ac\u2e17"
_BREAK = re.compile(
    rf"(?<![^\W\d_])([^\W\d_]{{1,64}})[{_HYPHENS}][ \t]*\r?\n[ \t]*([^\W\d_]{{1,64}})"
)
_LINE_END = re.compile(rf"[{_HYPHENS}][ \t]*\r?\n")  # found fast where there is none
# "zee- en landmacht": the hyphen stands for a part that follows.
_SUSPENDED = frozenset({"en", "of", "dan", "tot", "noch", "and", "or", "nor", "und", "oder", "et"})
_VOWELS = frozenset("aeiouyäëïöü")


def join_broken_words(text: str) -> str:
    r"""Return a text in which no word is broken at the end of a line; it is for search only.

    A hyphen stays where the word may well have one: before a capital, after capitals ("VVD-\nlid"),
    and between two vowels, where Dutch writes one ("auto-\nongeluk").

    >>> join_broken_words("de burge-\nmeester, de zee-\nen landmacht, Noord-\nHolland")
    'de burgemeester, de zee-\nen landmacht, Noord-Holland'
    """
    return _BREAK.sub(_joined, text) if _LINE_END.search(text) else text


def break_places(text: str) -> list[tuple[int, int]]:
    r"""Return the place of each hyphen with its line end that `join_broken_words` leaves out.

    >>> break_places("de burge-\nmeester van Noord-\nHolland")
    [(8, 10)]
    """
    if not _LINE_END.search(text):
        return []
    return [
        (match.end(1), match.start(2))
        for match in _BREAK.finditer(text)
        if _joined(match) == match[1] + match[2]
    ]


def _joined(match: re.Match[str]) -> str:
    before, after = match[1], match[2]
    if after in _SUSPENDED:
        return match[0]
    keeps = (
        not after.islower()
        or any(letter.isupper() for letter in before[1:])
        or (before[-1] in _VOWELS and after[0] in _VOWELS)
    )
    return f"{before}-{after}" if keeps and "\u00ad" not in match[0] else f"{before}{after}"
