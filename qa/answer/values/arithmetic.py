"""Computes with two quantities: which is more, and the difference in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from qa.answer.values.quantities import Bound, Quantity, split_words
from qa.answer.values.units import CURRENCIES, units

_PLAIN = frozenset({Bound.EXACT, Bound.ABOUT})
_MILLION, _BILLION = 10**6, 10**9
_SCALES = {"nl": ("miljoen", "miljard"), "en": ("million", "billion")}
_POINTS = {"nl": "procentpunt", "en": "percentage points"}


@dataclass(frozen=True, slots=True)
class WrittenUnit:
    """A unit as a text writes it; `factor` is its size in the first unit of its kind."""

    name: str
    factor: Fraction


def written_unit(text: str, quantity: Quantity) -> WrittenUnit | None:
    """Return the unit of a quantity as its text writes it.

    >>> from qa.answer.values import find_quantity
    >>> written_unit("zo'n 3 km", find_quantity("zo'n 3 km", "nl"))
    WrittenUnit(name='km', factor=Fraction(1000, 1))
    """
    if quantity.kind is None:
        return None
    words, known = split_words(text), units()
    names = [*reversed([f"{one} {other}" for one, other in pairwise(words)]), *reversed(words)]
    for name in names:
        if name in known and known[name][0] == quantity.kind:
            return WrittenUnit(name, known[name][1])
    return None


def in_unit_of(bare: Quantity, other: Quantity, unit: WrittenUnit) -> Quantity:
    """Return a bare number in the unit of another quantity: "71 meter, het stadhuis 38"."""
    return replace(bare, low=bare.low * unit.factor, high=bare.high * unit.factor, kind=other.kind)


def more_than(one: Quantity, other: Quantity) -> bool | None:
    """Tell whether one is certainly more; `None` if they may be equal, or this cannot be known.

    >>> from qa.answer.values import find_quantity
    >>> read = lambda text: find_quantity(text, "nl")
    >>> more_than(read("meer dan 600"), read("nog geen 400")), more_than(read("7"), read("9"))
    (True, False)
    >>> more_than(read("meer dan 600"), read("700")) is None
    True
    """
    if one.kind != other.kind:
        return None
    exact = {one.bound, other.bound} == {Bound.EXACT} and one.low == one.high
    if exact and other.low == other.high:
        return None if one.low == other.low else one.low > other.low
    return None if one.overlaps(other) else one.low > other.low


def are_equal(one: Quantity, other: Quantity) -> bool:
    """Tell whether both state exactly the same number, without any bound."""
    return _is_number(one) and _is_number(other) and one == other and one.bound is Bound.EXACT


def difference(one: Quantity, other: Quantity) -> Fraction | None:
    """Return the difference of two numbers of one kind; `None` if either is a bound or a range.

    >>> from qa.answer.values import find_quantity
    >>> difference(find_quantity("12.400", "nl"), find_quantity("15.100", "nl"))
    Fraction(2700, 1)
    >>> difference(find_quantity("meer dan 100", "nl"), find_quantity("80", "nl")) is None
    True
    """
    if one.kind != other.kind or not (_is_number(one) and _is_number(other)):
        return None
    return abs(one.low - other.low)


def _is_number(quantity: Quantity) -> bool:
    return quantity.low == quantity.high and quantity.bound in _PLAIN


def amount_in_words(
    value: Fraction, kind: str | None, unit: WrittenUnit | None, language: str
) -> tuple[str, str | None]:
    """Return a computed amount and the name of its unit, in the notation of the language.

    >>> amount_in_words(Fraction(4600000), "EUR", WrittenUnit("euro", Fraction(1)), "nl")
    ('4,6 miljoen euro', 'euro')
    >>> amount_in_words(Fraction(15, 2), "EUR", None, "nl"), amount_in_words(Fraction(2700), None,
    ...     None, "en")
    (('7,50 EUR', 'EUR'), ('2,700', None))
    """
    if kind == "share":
        name: str | None = _POINTS[language]
    else:
        name = unit.name if unit else kind if kind in CURRENCIES else None
    if unit and kind != "share":
        value = value / unit.factor
    number = _number_in_words(value, language, money=kind in CURRENCIES)
    return (f"{number} {name}" if name else number), name


def _number_in_words(value: Fraction, language: str, *, money: bool) -> str:
    from babel.numbers import format_decimal

    million, billion = _SCALES[language]
    for size, scale in ((_BILLION, billion), (_MILLION, million)):
        if value >= size and (value / size * 1000).denominator == 1:
            number = format_decimal(_decimal(value / size), "#,##0.###", locale=language)
            return f"{number} {scale}"
    pattern = "#,##0.00" if money and value.denominator != 1 else "#,##0.###"
    return str(format_decimal(_decimal(value), pattern, locale=language))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
