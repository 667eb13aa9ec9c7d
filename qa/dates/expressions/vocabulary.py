"""The words of a language for date rules, and how they become patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from qa.dates.expressions.holidays import HOLIDAYS
from qa.text.ordinals import cardinals, ordinals

# One space between words, or the end of a line; never a blank line.
_GAP = r"(?: {1,3}| ?\n ?)"
_PIECE = re.compile(r"(?<!P)<(?:(\w+)=)?(\w+)>")
# A long dash is a sign of a range, which tells "2003–04" from the month "2003-04".
_SPACES = str.maketrans("\t\r\xa0\u2009\u202f‘’´`–—−‐‑", "     ''''~~---")
_NUMBER = re.compile(r"\d+")

# Pieces that are written alike in both languages.
_SHARED_PIECES = {
    "dd": r"(?:0?[1-9]|[12]\d|3[01])",
    "mm": r"(?:0?[1-9]|1[0-2])",
    "yyyy": r"(?:1\d{3}|2[01]\d\d)",
    "yy": r"\d\d",
    "number": r"\d{1,4}",
    "week_number": r"(?:0?[1-9]|[1-4]\d|5[0-3])",
}


@dataclass(frozen=True, slots=True)
class DateVocabulary:
    """The words of time of one language.

    `tables` give each word of a kind its value, and `pieces` are patterns by name. Both are in
    lower case, without accents, and with "_" for the space between words. Each table is also a
    piece that matches any of its words.
    """

    language: str
    tables: Mapping[str, Mapping[str, str | int]]
    pieces: Mapping[str, str]

    def compile(self, template: str, *, starts: bool = True, ends: bool = True) -> re.Pattern[str]:
        """Compile a rule's template; `starts` and `ends` bind it to the edges of words.

        In a template, blanks mean nothing, and "_" is the space between words. "<piece>" or
        "<name=piece>" is a piece, captured under its name.
        """
        pattern = _PIECE.sub(self._piece, template.replace(" ", "")).replace("_", _GAP)
        before = r"(?<!\w)" if starts else ""
        after = r"(?!\w)" if ends else ""
        return re.compile(f"{before}(?:{pattern}){after}")

    def value(self, table: str, word: str) -> str | int:
        """Return the value of a matched word.

        Raises:
            KeyError: the table lacks the word.
        """
        return self.tables[table]["_".join(word.split())]

    def number(self, word: str) -> int:
        """Return the number that a word, or digits with or without an ending, stand for.

        Raises: KeyError: the word is no number.
        """
        digits = _NUMBER.match(word)
        return int(digits[0]) if digits else int(self.value("numbers", word))

    def _piece(self, match: re.Match[str]) -> str:
        name, piece = match[1] or match[2], match[2]
        # The name gets a mark, as "_" in a pattern means a space.
        return f"(?P<{name.replace('_', '')}>{self._pattern(piece)})"

    def _pattern(self, piece: str) -> str:
        if piece in self.pieces:
            return _PIECE.sub(lambda inner: self._pattern(inner[2]), self.pieces[piece])
        if piece in _SHARED_PIECES:
            return _SHARED_PIECES[piece]
        return any_of(self.tables[piece])


def any_of(words: Mapping[str, object]) -> str:
    """Return a pattern for any of the words, the longest first."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(word.replace(".", r"\.") for word in ordered) + ")"


def fold(text: str) -> str:
    """Lower the case and drop accents, character by character, so that places stay the same.

    >>> fold("Vóór de tweeëntwintigste")
    'voor de tweeentwintigste'
    """
    if text.isascii():
        return text.lower().translate(_SPACES)
    return "".join(map(_fold_character, text)).translate(_SPACES)


@cache
def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


@cache
def calendar_names(language: str, kind: str, width: str) -> dict[str, int]:
    """Return the names of the "months" or "days" with their numbers, from the Unicode CLDR."""
    from babel import Locale

    names: dict[str, int] = {}
    for locale in (language, *(("en_GB",) if language == "en" else ())):
        for context in getattr(Locale.parse(locale), kind).values():
            names |= {fold(name).rstrip("."): number for number, name in context[width].items()}
    return names


def build(
    language: str, tables: Mapping[str, Mapping[str, str | int]], pieces: Mapping[str, str]
) -> DateVocabulary:
    """Make a vocabulary from the given words and from those of libraries and tables."""
    ordinal_words = ordinals(language)
    cardinal_words = cardinals(language)
    known: dict[str, Mapping[str, str | int]] = {
        "month_name": calendar_names(language, "months", "wide"),
        "weekday_name": calendar_names(language, "days", "wide"),
        "ordinal_word": ordinal_words,
        "cardinal_word": cardinal_words,
        "day_word": {name: number for name, number in ordinal_words.items() if number <= 31}
        | {name: number for name, number in cardinal_words.items() if 2 <= number <= 31},
    }
    shared = {
        "month": rf"(?:<month_name>|{any_of(tables['month_short'])}\.?)",
        "weekday": rf"(?:<weekday_name>|{any_of(tables['weekday_short'])}\.?)",
        "day": rf"(?:<dd>{pieces['ordinal_end']}?|<day_word>)",
        "nth": rf"(?:\d{{1,2}}{pieces['ordinal_end']}|<ordinal_word>)",
        "count": r"(?:<number>|<cardinal_word>|<vague>)",
        "holiday": "(?:" + "|".join(pattern for pattern, _ in HOLIDAYS[language]) + ")",
    }
    numbers = {**cardinal_words, **ordinal_words, **tables["vague"]}
    return DateVocabulary(
        language,
        {**known, **tables, "numbers": numbers},
        {**shared, **pieces},
    )
