"""Makes a text plain for rules that look for words: single spaces, no hidden marks."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

# White space, a mark without width, or a character with the accents that are written behind it.
_PIECE = re.compile(r"\s+|[^\s][\u0300-\u036f]*")


@dataclass(frozen=True, slots=True)
class PlainText:
    r"""A plain text, and where each of its characters stands in the text that it was made of.

    >>> plain = PlainText.of("Ge\u00aden  doden")
    >>> plain.text, plain.place_of(7, 12), plain.place_in(5, 10)
    ('Geen doden', (5, 10), (7, 12))
    """

    text: str
    places: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> PlainText:
        """Make a text plain; letters and their accents are composed."""
        characters, places = [], []
        for found in _PIECE.finditer(text):
            piece = found.group()
            if unicodedata.category(piece[0]) == "Cf":
                continue
            plain = " " if piece.isspace() else unicodedata.normalize("NFC", piece)
            characters.append(plain)
            places += [found.span()] * len(plain)
        return cls("".join(characters), tuple(places))

    def place_in(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the text that this was made of."""
        return self.places[start][0], self.places[end - 1][1]

    def place_of(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the text that this was made of stands in `text`."""
        first = bisect_left(self.places, start, key=lambda each: each[0])
        return first, bisect_left(self.places, end, key=lambda each: each[0])
