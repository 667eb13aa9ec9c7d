"""Finds the words that a model copied in their sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_QUOTES = dict.fromkeys("\"'`´“”„‟‘’‚‛«»‹›<>", "'")
_LOOSE = " *_.,;:!?…'"  # what a model may put around its words
# Between two letters or digits, these make one word or number of them.
_JOINTS = frozenset("-‐‑–'’.,:/")


def find_words(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Return each place where words stand in a text, whole, in its own spelling.

    White space, quotation marks, case and marks without width may differ. A word or a number is
    not taken apart: "100" does not stand in "100.000", nor "minister" in "oud-minister".

    >>> find_words("Er zijn  „zo’n” 7.000 man.", "ER ZIJN 'ZO'N'"), find_words("7.000 man", "7")
    (((0, 15),), ())
    """
    copied = "".join(piece for _, piece in _folded(words))
    folded = list(_folded(text))
    found: tuple[tuple[int, int], ...] = ()
    for sought in (copied.strip(), copied.strip(_LOOSE)):
        if not found and any(map(str.isalnum, sought)):
            found = tuple(_places(text, folded, sought))
    return found


def _places(text: str, folded: Sequence[tuple[int, str]], sought: str) -> Iterator[tuple[int, int]]:
    line = "".join(piece for _, piece in folded)
    at = line.find(sought)
    while at >= 0:
        start, last = folded[at][0], folded[at + len(sought) - 1][0]
        end = last + 1
        is_same = "".join(piece for _, piece in _folded(text[start:end])) == sought
        if is_same and not (_splits_word(text, start) or _splits_word(text, end)):
            yield start, end
        at = line.find(sought, at + 1)


def _folded(text: str) -> Iterator[tuple[int, str]]:
    """Yield the characters that count, each with its place in the text."""
    is_blank = True
    for place, character in enumerate(text):
        if character.isspace():
            if not is_blank:
                yield place, " "
            is_blank = True
        elif unicodedata.category(character) != "Cf":
            is_blank = False
            plain = _QUOTES.get(character, character)
            for piece in unicodedata.normalize("NFD", plain.casefold()):
                yield place, piece


def _splits_word(text: str, place: int) -> bool:
    """Tell whether a word or number goes on across a place, also across a hyphen or a point."""
    before, after = text[max(0, place - 2) : place], text[place : place + 2]
    if not before or not after:
        return False
    ends, begins = before[-1], after[0]
    if ends in _JOINTS:
        return len(before) > 1 and _in_word(before[0]) and _in_word(begins)
    if begins in _JOINTS:
        return len(after) > 1 and _in_word(ends) and _in_word(after[1])
    return _in_word(ends) and _in_word(begins)


def _in_word(character: str) -> bool:
    """Tell whether a character belongs to a word or number; accents may stand apart."""
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
