"""Units of measure and money: their names and their sizes."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

# Each kind of quantity with its units: the size of each in the first unit, and its names. Only
# units that news uses; any other word names the things that are counted ("tanks").
_UNITS: tuple[tuple[str, Fraction | int, str], ...] = (
    ("share", 1, "% procent percent pct per_cent"),
    ("share points", 1, "procentpunt procentpunten percentage_point percentage_points"),
    ("length", 1, "meter meters m metre metres"),
    ("length", 1000, "kilometer kilometers km kilometre kilometres"),
    ("length", Fraction(1, 100), "centimeter centimeters cm centimetre centimetres"),
    ("length", Fraction(1609344, 1000), "mijl mile miles"),
    ("mass", 1, "kilo kilogram kilograms kg kilos"),
    ("mass", 1000, "ton tons tonne tonnes"),
    ("mass", Fraction(1, 1000), "gram grams"),
    ("area", 1, "hectare hectares ha"),
    ("area", 100, "km2 km²"),
    ("volume", 1, "liter liters litre litres"),
    ("power", 1, "megawatt mw"),
    ("power", 1000, "gigawatt gw"),
    ("heat", 1, "graden graad °c degrees celsius"),
    ("duration", 1, "seconde seconden second seconds"),
    ("duration", 60, "minuut minuten minute minutes"),
    ("duration", 3600, "uur uren hour hours"),
    ("duration", 86400, "dag dagen day days"),
    ("duration", 604800, "week weken weeks"),
    ("months", 1, "maand maanden month months"),
    ("months", 12, "jaar jaren year years"),
    ("times", 1, "keer maal times"),
    ("EUR", 1, "euro euros eur €"),
    ("USD", 1, "dollar dollars usd $ us$"),
    ("GBP", 1, "pond pound pounds gbp £"),
    ("RUB", 1, "roebel roebels ruble rubles rouble roubles rub ₽"),
    ("UAH", 1, "hryvnia hryvnias grivna uah ₴"),
    ("CHF", 1, "frank franken franc francs chf"),
    ("JPY", 1, "yen jpy ¥"),
    ("CNY", 1, "yuan cny"),
)
CURRENCIES = frozenset({"EUR", "USD", "GBP", "RUB", "UAH", "CHF", "JPY", "CNY"})


_SAME_DIMENSION = {"months": "duration", "share points": "share"} | dict.fromkeys(
    CURRENCIES, "money"
)


def dimension_of(kind: str) -> str:
    """Return what a kind of unit measures.

    >>> dimension_of("months"), dimension_of("EUR"), dimension_of("length")
    ('duration', 'money', 'length')
    """
    return _SAME_DIMENSION.get(kind, kind)


@cache
def units() -> dict[str, tuple[str, Fraction]]:
    """Return the kind and the factor of each unit, by its lower-case names.

    >>> units()["km"], units()["procent"]
    (('length', Fraction(1000, 1)), ('share', Fraction(1, 1)))
    """
    return {
        name.replace("_", " "): (kind, Fraction(factor))
        for kind, factor, names in _UNITS
        for name in names.split()
    }
