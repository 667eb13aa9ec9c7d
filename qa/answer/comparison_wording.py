"""Puts comparisons into plain words, with a quote for each value and a note on computed ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from index_store.records import DateRange
from qa.answer.composer import Composition, cite, quote_lines
from qa.answer.quantity_search import FoundQuantity
from qa.answer.records import Citation
from qa.answer.value_records import ComputedValue
from qa.answer.values import Bound, Quantity
from qa.answer.values.arithmetic import (
    amount_in_words,
    are_equal,
    difference,
    more_than,
    written_unit,
)
from qa.answer.values.units import CURRENCIES
from qa.dates.wording import describe_days
from qa.question.compared_sides import Side
from qa.question.comparison import Comparison, ComparisonForm
from qa.text.phrases import phrase


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """A quoted value of one side; a bare number's `quantity` has the unit of the other value."""

    found: FoundQuantity
    quantity: Quantity
    side: Side | None = None


def word_pair(
    language: str,
    comparison: Comparison,
    values: tuple[ComparedValue, ComparedValue],
    confidence: float,
) -> Composition:
    """Return whether, by how much, or which of two is more, with both quotes."""
    citations = _citations(values)
    one, other = (_with_number(each, number, language) for number, each in enumerate(values, 1))
    name = "compared_change" if not comparison.sides else "compared_against"
    both = phrase(name, language, one=one, other=other)
    first, second = reversed(values) if not comparison.sides else values
    computed, told = _difference(first.quantity, second.quantity, values, language)
    opening = _opening(comparison, values, language)
    if computed is None and first.quantity.kind != second.quantity.kind:
        opening = f"{told[:1].upper()}{told[1:]}"
        lead = f"{opening}: {both}."
    elif comparison.form is ComparisonForm.HOW_MUCH:
        lead = f"{told[:1].upper()}{told[1:]}: {both}."
    else:
        lead = f"{opening}: {both}; {told}."
    lines = [lead, *quote_lines(citations, language)]
    return Composition("\n".join(lines), None, confidence, citations, lead=lead, computed=computed)


def word_missing(
    language: str, value: ComparedValue, missing: Side, confidence: float
) -> Composition:
    """Return the value of one side, and say that the value of the other was not found."""
    citations = _citations([value])
    one = _with_number(value, 1, language)
    lead = phrase("compared_missing", language, missing=f"“{missing.text}”", one=one)
    return _composed(lead, citations, language, confidence)


def word_extreme(
    language: str,
    comparison: Comparison,
    values: Sequence[ComparedValue],
    confidence: float,
) -> Composition:
    """Return when a value was highest or lowest; the first of `values` is this value."""
    citations = _citations(values)
    days = values[0].found.days
    when = _period(days.days, language, by_year=comparison.by_year) if days else ""
    if len(values) == 1:
        name = "compared_alone"
    else:
        name = "compared_least" if comparison.less else "compared_most"
    said = f"{_words(values[0])} [1]"
    lead = phrase(name, language, days=when, value=said, count=len(values))
    return _composed(lead[:1].upper() + lead[1:], citations, language, confidence)


def _composed(
    lead: str, citations: tuple[Citation, ...], language: str, confidence: float
) -> Composition:
    lines = [lead, *quote_lines(citations, language)]
    return Composition("\n".join(lines), None, confidence, citations, lead=lead)


def _citations(values: Sequence[ComparedValue]) -> tuple[Citation, ...]:
    """Return a citation for each value, even if two values are in one sentence."""
    return tuple(
        cite(
            number,
            each.found.candidate.passage,
            each.found.start,
            each.found.end,
            answer=(each.found.candidate.start, each.found.candidate.end),
        )
        for number, each in enumerate(values, start=1)
    )


def _words(value: ComparedValue) -> str:
    return " ".join(value.found.candidate.text.split())


def _with_number(value: ComparedValue, number: int, language: str) -> str:
    """Return a value with the number of its quote, and the side or days that it belongs to."""
    side = value.side
    said = f"{_words(value)} [{number}]"
    if side is not None and (not side.dated or side.text[:1].isdigit()):
        return f"{said} ({side.text})"
    if side is not None and side.text and not side.now:
        return f"{said} {side.text}"
    days = value.found.days
    when = _period(days.days, language) if days else ""
    return f"{said} ({when})" if when else said


def _period(days: DateRange, language: str, *, by_year: bool = False) -> str:
    if by_year and days.first and days.last and days.first.year == days.last.year:
        return str(days.first.year)
    return describe_days(days.first, days.last, language=language)


def _opening(
    comparison: Comparison, values: tuple[ComparedValue, ComparedValue], language: str
) -> str:
    """Return "yes", "no", or the name of the chosen side."""
    one, other = values
    if are_equal(one.quantity, other.quantity):
        is_choice = comparison.form is ComparisonForm.WHICH
        return phrase("compared_same" if is_choice else "compared_equal", language)
    more = more_than(one.quantity, other.quantity)
    if more is None:
        return phrase("compared_open", language)
    holds = more is not comparison.less
    if comparison.form is ComparisonForm.WHICH:
        chosen = one if holds else other
        text = chosen.side.text if chosen.side else ""
        return text[:1].upper() + text[1:]
    return phrase("compared_yes" if holds else "compared_no", language)


def _difference(
    one: Quantity,
    other: Quantity,
    values: tuple[ComparedValue, ComparedValue],
    language: str,
) -> tuple[ComputedValue | None, str]:
    """Return the difference of two numbers of one unit, and its wording."""
    gap = difference(one, other)
    if gap is None:
        same_kind = one.kind == other.kind
        return None, phrase("compared_bounds" if same_kind else "compared_units", language)
    amount, unit = _amount(gap, values, language)
    if Bound.ABOUT in (one.bound, other.bound):
        amount = phrase("compared_about", language, amount=amount)
    computed = ComputedValue("difference", amount, unit, (1, 2))
    if gap == 0:
        return computed, phrase("compared_none", language)
    name = "compared_more" if one.low > other.low else "compared_less"
    return computed, phrase(name, language, amount=amount)


def _amount(
    gap: Fraction, values: tuple[ComparedValue, ComparedValue], language: str
) -> tuple[str, str | None]:
    """Return a difference in the unit of both texts, else in the unit of the first."""
    units = [written_unit(_words(each), each.quantity) for each in values]
    unit = next(filter(None, units), None)
    kind = values[0].quantity.kind
    if kind in CURRENCIES and unit is None:
        return amount_in_words(gap, kind, None, language)
    return amount_in_words(gap, kind, unit, language)
