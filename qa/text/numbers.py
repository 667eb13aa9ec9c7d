"""Reads numbers in digits and in words, up to trillions, in Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from qa.text.ordinals import cardinals

_SCALES = {
    "duizend": 10**3, "thousand": 10**3,
    "miljoen": 10**6, "mln": 10**6, "million": 10**6,
    "miljard": 10**9, "mrd": 10**9, "mld": 10**9, "billion": 10**9, "bn": 10**9,
    "biljoen": 10**12, "trillion": 10**12,
}  # fmt: skip
_HUNDREDS = ("honderd", "hundred")
_AND_A_HALF = (["en", "een", "half"], ["en", "een", "halve"], ["and", "a", "half"])
_BEFORE_SCALE: dict[tuple[str, ...], Fraction | int] = {
    ("een",): 1, ("a",): 1, ("an",): 1, ("half",): Fraction(1, 2), ("een", "half"): Fraction(1, 2),
    ("half", "a"): Fraction(1, 2), ("a", "half"): Fraction(1, 2),
}  # fmt: skip
_PARTS = re.compile(r"honderd|duizend|miljoen|miljard|(?:(?!honderd|duizend|miljoen|miljard).)+")
_GROUPED = re.compile(r"\d{1,3}(?:([.,\u00a0\u2009\u202f])\d{3}(?!\d))(?:\1\d{3}(?!\d))*$")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)?$")
_LONGEST_FIGURE = 18  # characters; a longer one is a code
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from a sequence of words; `taken` counts the words that it consists of."""

    value: Fraction
    taken: int


@dataclass(slots=True)
class _Sum:
    """A number that grows word by word; `last` is the kind of the last part added."""

    total: Fraction = Fraction(0)
    current: Fraction | None = None
    last: str = ""
    scale: int = 0

    @property
    def value(self) -> Fraction:
        return self.total + (self.current or 0)

    def add(self, value: Fraction | int) -> bool:
        """Add a number below a hundred, or the figure that a number starts with."""
        if self.last not in ("", "hundred", "scale"):
            return False
        self.current = (self.current or Fraction(0)) + value
        self.last = "plain"
        return True

    def hundred(self) -> bool:
        if self.last == "hundred":
            return False
        self.current = (self.current or Fraction(1)) * 100
        self.last = "hundred"
        return True

    def times(self, scale: int) -> bool:
        if self.last == "scale" or scale > self.scale > 0:
            self.total, self.current = self.value * scale, None
        else:
            self.total, self.current = self.total + (self.current or 1) * scale, None
        self.last, self.scale = "scale", scale
        return True


def number_at(words: Sequence[str], language: str) -> Number | None:
    """Return the longest number at the start of some words (lower-case, without accents).

    Digits are read by the rules of the language, and by those of the other one if that leaves no
    doubt: three digits after a point or comma are thousands, unless a scale such as "miljoen"
    follows and the sign is the decimal sign of the language.

    >>> def read(text: str) -> float | None:
    ...     found = number_at(text.split(), "nl")
    ...     return float(found.value) if found else None
    >>> read("honderdduizend"), read("100 duizend man"), read("1.912"), read("anderhalf miljoen")
    (100000.0, 100000.0, 1912.0, 1500000.0)
    >>> read("twee en een half miljoen"), read("2,5 mln"), read("een tank"), read("honderdste")
    (2500000.0, 2500000.0, None, None)
    """
    growing = _Sum()
    at = 0
    while at < len(words):
        taken = _step(words[at : at + 4], growing, language, is_first=at == 0)
        if not taken:
            break
        at += taken
    return Number(growing.value, at) if at else None


def _step(words: Sequence[str], growing: _Sum, language: str, *, is_first: bool) -> int:
    """Add the first words to a number; return how many words were added."""
    word = words[0]
    if list(words[:3]) in _AND_A_HALF and growing.last == "plain":
        growing.current = (growing.current or 0) + Fraction(1, 2)
        return 3
    if word == "and" and growing.last in ("hundred", "scale") and len(words) > 1:
        return 2 if _add_word(words[1], growing) else 0
    if is_first:
        lead = _lead(words)
        if lead:
            growing.add(_BEFORE_SCALE[lead])
            return len(lead)
        figure = _figure(word, language, scaled=len(words) > 1 and words[1].rstrip(".") in _SCALES)
        if figure is not None:
            return int(growing.add(figure))
    return int(_add_word(word, growing))


def _lead(words: Sequence[str]) -> tuple[str, ...] | None:
    """Return the "een" or "half" before a scale; elsewhere it is an article or an adjective."""
    for size in (2, 1):
        lead = tuple(words[:size])
        following = words[size].rstrip(".") if len(words) > size else ""
        if lead in _BEFORE_SCALE and (following in _SCALES or following in _HUNDREDS):
            return lead
    return None


def _add_word(word: str, growing: _Sum) -> bool:
    """Add a written-out number completely, or not at all."""
    parts = _parts(word)
    if not parts:
        return False
    trial = _Sum(growing.total, growing.current, growing.last, growing.scale)
    if not all(_add_part(part, trial) for part in parts):
        return False
    growing.total, growing.current = trial.total, trial.current
    growing.last, growing.scale = trial.last, trial.scale
    return True


def _add_part(part: Fraction | str, growing: _Sum) -> bool:
    if isinstance(part, Fraction):
        return growing.add(part)
    return growing.hundred() if part in _HUNDREDS else growing.times(_SCALES[part])


def _parts(word: str) -> list[Fraction | str]:
    """Split "tweehonderdvijftigduizend" into parts; return none if a part is no number.

    >>> _parts("honderdduizend"), _parts("honderdste"), _parts("tweeenhalf")
    (['honderd', 'duizend'], [], [Fraction(5, 2)])
    """
    word = word.rstrip(".")
    if len(word) > _LONGEST_WORD:
        return []
    if word in _SCALES or word in _HUNDREDS:
        return [word]
    parts: list[Fraction | str] = []
    for piece in _PARTS.findall(word):
        if piece in _SCALES or piece in _HUNDREDS:
            parts.append(piece)
            continue
        small = piece.removeprefix("en") if parts else piece
        value = Fraction(1) if parts and small == "een" else _small().get(small)
        if value is None:
            return []
        parts.append(value)
    return parts


@cache
def _small() -> dict[str, Fraction]:
    """Return the numbers below a hundred by name, without "een", which is an article too."""
    names: dict[str, Fraction] = {}
    for language in ("en", "nl"):
        for name, number in cardinals(language).items():
            names[name] = Fraction(number)
            if language == "nl" and number:
                names[f"{name}enhalf"] = number + Fraction(1, 2)
    names |= {"anderhalf": Fraction(3, 2), "anderhalve": Fraction(3, 2), "dozijn": Fraction(12)}
    names.pop("eenenhalf", None)
    names.pop("een", None)
    return names


def _figure(word: str, language: str, *, scaled: bool) -> Fraction | None:
    """Return the number that digits stand for.

    >>> [str(_figure(word, "nl", scaled=False)) for word in ("100.000", "100,000", "2,5", "0,125")]
    ['100000', '100000', '5/2', '1/8']
    """
    if len(word) > _LONGEST_FIGURE or not word.isprintable():
        return None
    decimal = "," if language == "nl" else "."
    grouped = _GROUPED.match(word)
    if grouped and not word.startswith("0") and not (scaled and grouped[1] == decimal):
        return Fraction(re.sub(r"\D", "", word))
    return Fraction(word.replace(",", ".")) if _FIGURE.match(word) else None
