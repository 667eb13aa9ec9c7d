"""Finds the words that a model copied in their sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_QUOTES = dict.fromkeys("\"'`´“”„‟‘’‚‛«»‹›<>", "'")
_LOOSE = " \t\r\n*_.,;:!?…" + "".join(_QUOTES)


def find_words(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Return each place where words stand in a text, whole, in its own spelling.

    White space, quotation marks, case and marks without width may differ. A word or a number is
    not taken apart: "100" does not stand in "100.000", nor "minister" in "oud-minister".

    >>> find_words("Er zijn  „zo’n” 7.000 man.", "ER ZIJN 'ZO'N'"), find_words("7.000 man", "7")
    (((0, 14),), ())
    """
    sought = "".join(piece for _, piece in _folded(words)).strip(_LOOSE)
    if not any(map(str.isalnum, sought)):
        return ()
    folded = list(_folded(text))
    line = "".join(piece for _, piece in folded)
    found = []
    at = line.find(sought)
    while at >= 0:
        start, end = folded[at][0], _end(text, folded[at + len(sought) - 1][0])
        if _is_whole(text, start, end) and _is_same(text[start:end], sought):
            found.append((start, end))
        at = line.find(sought, at + 1)
    return tuple(found)


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


def _is_same(text: str, sought: str) -> bool:
    """Tell whether no part of a character was left out at the ends, such as an accent."""
    return "".join(piece for _, piece in _folded(text)) == sought


def _end(text: str, last: int) -> int:
    """Return the end of the character at `last`, with the accents that are written behind it."""
    end = last + 1
    while end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1
    return end


_JOINTS = "-‐‑–'’.,:/"


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch begins and ends at the ends of words and numbers."""
    return not (_joins(text, start - 1, start) or _joins(text, end, end - 1))


def _joins(text: str, outside: int, inside: int) -> bool:
    """Tell whether the characters on both sides of an end belong to one word or number."""
    if not (0 <= outside < len(text) and _in_word(text[inside])):
        return False
    if text[outside] in _JOINTS:
        further = outside + (outside - inside)
        return 0 <= further < len(text) and _in_word(text[further])
    return _in_word(text[outside])


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
