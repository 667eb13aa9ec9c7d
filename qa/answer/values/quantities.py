"""Reads the quantity that an answer states: its number, the bound on the number, and its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache

from index_store.analysis.language import FUNCTION_WORDS
from qa.answer.values.units import CURRENCIES, units
from qa.dates.expressions.vocabulary import fold
from qa.text.numbers import Number, number_at


class Bound(StrEnum):
    """How the words around a number limit it."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    ABOVE = "above"
    BELOW = "below"


# "minstens" includes the number itself, "meer dan" does not.
_BOUNDS: dict[Bound, str] = {
    Bound.ABOUT: (
        "ongeveer|circa|ca|rond de|rond|zo'n|zon|een kleine|een stuk of|omstreeks|om en nabij"
        "|pakweg|naar schatting|nagenoeg|om en bij|about|around|some|roughly|approximately"
        "|an estimated|~|±"
    ),
    Bound.AT_LEAST: (
        "minstens|ten minste|tenminste|minimaal|op zijn minst|op z'n minst|zeker|at least"
        "|a minimum of|no fewer than|no less than|≥"
    ),
    Bound.AT_MOST: (
        "tot wel|hooguit|hoogstens|maximaal|ten hoogste|niet meer dan|tot aan|up to|at most"
        "|as many as|as much as|no more than|≤"
    ),
    Bound.ABOVE: (
        "meer dan|ruim|boven de|boven|dik|een goede|over de|more than|over|above|upwards of"
        "|in excess of|well over|just over|>"
    ),
    Bound.BELOW: (
        "minder dan|bijna|krap|net geen|onder de|onder|nog geen|haast|schaars|less than"
        "|fewer than|nearly|almost|under|below|just under|close to|<"
    ),
}
_AFTER = {
    Bound.AT_LEAST: ("of meer", "of ouder", "or more", "plus", "of langer"),
    Bound.AT_MOST: ("of minder", "or less", "or fewer"),
}
_NEVER = frozenset({"niet", "geen", "nooit", "not", "no", "never"})
_JOINTS = frozenset(
    {"tot", "a", "of", "en", "to", "or", "and", "-", "~"}
)  # a dash is folded to "~"
_MINUS = frozenset({"-", "min", "minus"})
_PAIRED = {"tussen": "en", "between": "and"}  # "en" makes a range only after these
_TOKEN = re.compile(
    r"\d{1,9}(?:e|de|ste|st|nd|rd|th)(?!\w)|\d{1,3}(?: \d{3}(?!\d))+|\d[\d.,]*\d|\d"
    r"|us\$|°c|k?m²|[^\W\d_]+(?:[-'][^\W\d_]+)*|[€$£¥₽₴%~±≥≤<>+-]"
)
_ROUND = 1000  # a bare multiple of this counts as rounded
_NEAR = Fraction(1, 20)  # share of a number; "about" reaches no further
_LONGEST_BOUND = 40  # characters before a number in which its bound is looked for
_LONGEST_TEXT = 300  # characters; no quantity takes more


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount from `low` to `high` (one number twice, unless it is a range) of a kind of unit.

    `kind` names the property measured ("length") or the currency ("EUR"). Both ends are in the
    first unit of this kind. `kind` is `None` if things are counted. This record does not know
    whether "1912" is a year.
    """

    low: Fraction
    high: Fraction
    bound: Bound = Bound.EXACT
    kind: str | None = None

    def same(self, other: Quantity) -> bool:
        """Tell whether both state the same number; "more than" this number is another value.

        >>> one, other = find_quantity("zo'n 100.000", "nl"), find_quantity("honderdduizend", "nl")
        >>> one.same(other), one.same(find_quantity("meer dan 100.000", "nl"))
        (True, False)
        """
        bounds = {self.bound, other.bound}
        plain = bounds & {Bound.EXACT, Bound.ABOUT}
        strict = bounds & {Bound.ABOVE, Bound.BELOW}
        alike = len(bounds) == 1 or (bool(plain) and not strict)
        return (
            alike and self._comparable(other) and (self.low, self.high) == (other.low, other.high)
        )

    def overlaps(self, other: Quantity) -> bool:
        """Tell whether both can be true at once: "more than 100,000" and "120,000" can."""
        if not self._comparable(other):
            return False
        (low, high), (least, most) = self._reach(), other._reach()
        return (most is None or low is None or low <= most) and (
            high is None or least is None or least <= high
        )

    def _comparable(self, other: Quantity) -> bool:
        return self.kind == other.kind or None in (self.kind, other.kind)

    def _reach(self) -> tuple[Fraction | None, Fraction | None]:
        """Return the least and the most that the amount can be; `None` for an open end."""
        slack = self._slack()
        if self.bound in (Bound.ABOVE, Bound.AT_LEAST):
            return self.low, None
        if self.bound in (Bound.BELOW, Bound.AT_MOST):
            return None, self.high
        return self.low - slack, self.high + slack

    def _slack(self) -> Fraction:
        """Return half a unit of the last digit that is not 0, if the number is rounded."""
        number = self.high
        rounded = number.denominator == 1 and number >= _ROUND and number % _ROUND == 0
        if self.bound is not Bound.ABOUT and not rounded:
            return Fraction(0)
        if number.denominator != 1 or number == 0:
            return abs(number) * _NEAR
        unit = 10 ** (len(str(number)) - len(str(number).rstrip("0")))
        return min(Fraction(unit, 2), abs(number) * _NEAR)


def find_quantity(text: str, language: str) -> Quantity | None:
    """Return the quantity that an answer consists of; `None` if the answer is something else.

    Only function words may precede the number, so "Nord Stream 2" is no quantity. The number must
    be the only one, so "drie van de tien" is no quantity.

    >>> find_quantity("meer dan 100.000 militairen", "nl")
    Quantity(low=Fraction(100000, 1), high=Fraction(100000, 1), bound=<Bound.ABOVE: 'above'>, \
kind=None)
    >>> find_quantity("Nord Stream 2", "nl") is None
    True
    """
    words = split_words(text)
    start = 0
    while start < len(words):
        number = number_at(words[start:], language)
        if number:
            return _read(words, start, number, language)
        if not _may_precede(words[start], language):
            return None
        start += 1
    return None


def bound_start(text: str, start: int) -> int:
    """Return where the words begin that bound the number at `start`; `start` if none do.

    >>> text = "Het waren er op zijn minst 900."
    >>> text[bound_start(text, 27):]
    'op zijn minst 900.'
    """
    first = max(0, start - _LONGEST_BOUND)
    before = fold(text[first:start])
    found = (pattern.search(before) for pattern in _bounds_at_end())
    return min((first + each.start() for each in found if each), default=start)


def split_words(text: str) -> list[str]:
    """Return the words, figures and signs of a text, in lower case and without accents.

    >>> split_words("Zo’n €100.000, oftewel één tiende")
    ["zo'n", '€', '100.000', 'oftewel', 'een', 'tiende']
    """
    folded = fold(text[:_LONGEST_TEXT])
    words = (match[0] for match in _TOKEN.finditer(folded))
    return [word.replace(" ", "\u2009") if word[0].isdigit() else word for word in words]


def _read(words: Sequence[str], start: int, number: Number, language: str) -> Quantity | None:
    low = high = number.value
    end = start + number.taken
    before = words[:start]
    joined = _range_end(words, end, before, language)
    if joined:
        high, end = joined.value, end + 1 + joined.taken
    kind, factor, end = _unit(words, end, before)
    rest = words[end:]
    if any(number_at(rest[at:], language) for at in range(len(rest))):
        return None
    if before and before[-1] in _MINUS and not joined:
        factor, before = -factor, before[:-1]
    bound, unread = _bound(before, rest)
    if _NEVER.intersection(unread):
        return None
    low, high = sorted((low * factor, high * factor))
    return Quantity(low, high, bound, kind)


def _range_end(
    words: Sequence[str], end: int, before: Sequence[str], language: str
) -> Number | None:
    """Return the second number of "10 tot 15", "10-15" and "tussen 10 en 15"."""
    if end + 1 >= len(words) or words[end] not in _JOINTS:
        return None
    needed = [start for start, joint in _PAIRED.items() if joint == words[end]]
    if needed and not set(needed) & set(before):
        return None
    return number_at(words[end + 1 :], language)


def _unit(
    words: Sequence[str], end: int, before: Sequence[str]
) -> tuple[str | None, Fraction, int]:
    """Return the kind and factor of the unit after a number, or of the sign before it."""
    known = units()
    for size in (2, 1):
        name = " ".join(words[end : end + size])
        if len(words) >= end + size and name in known:
            kind, factor = known[name]
            return kind, factor, end + size
    for word in reversed(before):
        if word in known and known[word][0] in CURRENCIES:
            return known[word][0], Fraction(1), end
    # "100 miljoen Amerikaanse dollar": an adjective may stand between.
    if end + 1 < len(words) and known.get(words[end + 1], ("",))[0] in CURRENCIES:
        return known[words[end + 1]][0], Fraction(1), end + 2
    return None, Fraction(1), end


def _bound(before: Sequence[str], rest: Sequence[str]) -> tuple[Bound, list[str]]:
    """Return the bound on a number, and the words before the number that do not express it."""
    said = " ".join(before)
    for bound, pattern in _bounds():
        if pattern.search(said):
            return bound, pattern.sub(" ", said).split()
    following = " ".join(rest[:2])
    for bound, phrases in _AFTER.items():
        if following.startswith(phrases):
            return bound, list(before)
    return (Bound.ABOVE if rest[:1] == ["+"] else Bound.EXACT), list(before)


@cache
def _bounds() -> tuple[tuple[Bound, re.Pattern[str]], ...]:
    """Return the patterns, the longest words first: "niet meer dan" before "meer dan"."""
    order = (Bound.AT_MOST, Bound.AT_LEAST, Bound.ABOVE, Bound.BELOW, Bound.ABOUT)
    return tuple(
        (
            bound,
            re.compile(
                r"(?<!\w)(?:"
                + "|".join(re.escape(fold(phrase)) for phrase in _BOUNDS[bound].split("|"))
                + r")(?!\w)"
            ),
        )
        for bound in order
    )


@cache
def _bounds_at_end() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"{pattern.pattern}\s*$") for _, pattern in _bounds())


@cache
def _leading_words() -> frozenset[str]:
    """Return the words that may precede the number of an answer, besides function words."""
    bounding = (word for phrases in _BOUNDS.values() for word in re.split(r"[| ]", phrases))
    money = (name for name, (kind, _) in units().items() if kind in CURRENCIES)
    return frozenset(map(fold, bounding)) | frozenset(money) | _JOINTS | _MINUS | _PAIRED.keys()


def _may_precede(word: str, language: str) -> bool:
    functional = FUNCTION_WORDS.get(language, FUNCTION_WORDS["nl"])
    return word in _leading_words() or word in functional
