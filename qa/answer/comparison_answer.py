"""Answers to comparisons: both values quoted, and what follows from them marked as computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index_store.records import DateRange
from qa.answer.candidates import margin_and_support
from qa.answer.comparison_wording import (
    ComparedValue,
    word_change,
    word_extreme,
    word_missing,
    word_pair,
)
from qa.answer.compared_things import is_said_of
from qa.answer.composer import Composition
from qa.answer.quantity_search import FoundQuantity, QuantitySearch, within
from qa.answer.subject import words_held
from qa.answer.values.arithmetic import in_unit_of, more_than, written_unit
from qa.answer.values.units import CURRENCIES
from qa.dates.expressions import resolve_against
from qa.question.comparison import Comparison, ComparisonForm, Side, read_comparison
from qa.question.inquiry import Inquiry
from qa.question.kind import QuestionKind
from qa.retrieval.passage import Passage

_ON_SUBJECT = 0.5  # share of the words of a value question that its article must hold
_LIKELY = 3.0  # log-odds below the best, of what counts as a value over time


@dataclass(frozen=True, slots=True)
class _Sure:
    """A quantity with the probability that it is right (0–1)."""

    found: FoundQuantity
    confidence: float


def answer_comparison(
    search: QuantitySearch, inquiry: Inquiry, threshold: float
) -> tuple[Composition, list[Passage]] | None:
    """Return an answer with the values compared; `None` if it finds none that are sure enough."""
    comparison = read_comparison(inquiry.asked, inquiry.analysis, inquiry.language)
    if comparison is None:
        return None
    if not comparison.sides:
        composition = _over_time(search, comparison, threshold)
    else:
        composition = _of_sides(search, comparison, threshold)
    if composition is None:
        return None
    cited, passages = composition
    return cited, [replace(each, rank=rank) for rank, each in enumerate(passages, start=1)]


def _of_sides(
    search: QuantitySearch, comparison: Comparison, threshold: float
) -> tuple[Composition, list[Passage]] | None:
    one, other = comparison.sides
    if one.dated:
        pools = _of_periods(search, comparison)
    else:
        pools = _of_things(search, one, other)
    found = [_surest(search, pool) for pool in pools]
    found = _of_one_kind(pools, found, search)
    sure = [each if each and each.confidence >= threshold else None for each in found]
    first, second = sure
    if first is None and second is None:
        return None
    if first is None or second is None:
        alone, missing = (first, other) if first else (second, one)
        assert alone is not None
        value = _value(alone.found, one if alone is first else other)
        return (
            word_missing(search.language, value, missing, alone.confidence),
            _passages([alone]),
        )
    values = _in_one_unit(_value(first.found, one), _value(second.found, other))
    confidence = min(first.confidence, second.confidence)
    return word_pair(search.language, comparison, values, confidence), _passages([first, second])


def _of_periods(
    search: QuantitySearch, comparison: Comparison
) -> tuple[list[FoundQuantity], list[FoundQuantity]]:
    """Return what is said of each of two periods; relative ones count from the newest value."""
    one, other = comparison.sides
    every = _likely(search, comparison, search.find(comparison.question))
    newest = _newest(every)
    days: DateRange | None = None
    pools = []
    for side in (one, other):
        if side.now:
            pools.append(_of_newest(every))
            continue
        days = _days_of(side, newest, days, search.language)
        found = search.find(side.question, days) if days else []
        told = [each for each in found if days and within(each.days, days)]
        pools.append(_likely(search, comparison, told))
    return pools[0], pools[1]


def _days_of(
    side: Side, newest: FoundQuantity | None, before: DateRange | None, language: str
) -> DateRange | None:
    """Return the days of a period; "het jaar daarvoor" counts from the one named before."""
    if newest is None:
        return None
    if side.year_before:
        year = before.first.year - 1 if before and before.first else None
        return DateRange.of_year(year) if year else None
    published = newest.candidate.passage.article.published
    named = resolve_against(side.text, published, language)
    return named[-1].widest if named else None


def _newest(found: Sequence[FoundQuantity]) -> FoundQuantity | None:
    dated = [each for each in found if each.candidate.passage.article.published.last]
    return max(
        dated, key=lambda each: str(each.candidate.passage.article.published.last), default=None
    )


def _of_newest(found: Sequence[FoundQuantity]) -> list[FoundQuantity]:
    """Return what is said of the last days of which anything is said."""
    dated = [
        each for each in found if each.days and each.days.certain and each.days.days.last
    ]
    last = max((each.days.days.last for each in dated if each.days), key=str, default=None)
    return [each for each in dated if each.days and each.days.days.last == last]


def _of_things(
    search: QuantitySearch, one: Side, other: Side
) -> tuple[list[FoundQuantity], list[FoundQuantity]]:
    """Return what is said of each of two things."""
    both = search.find(one.question), search.find(other.question)
    pools = []
    for side, against, found in ((one, other, both[0]), (other, one, both[1])):
        told = [each for each in found if _is_about(each, side.question, search)]
        named = [each for each in told if is_said_of(each, side, against)]
        pools.append(_unless_nearer(named or _in_other_words(told, search), search, side))
    return pools[0], pools[1]


def _in_other_words(
    found: Sequence[FoundQuantity], search: QuantitySearch
) -> list[FoundQuantity]:
    """Return what stands in another language, whose words for a thing nobody can compare."""
    return [
        each
        for each in found
        if each.candidate.passage.article.language not in (None, search.language)
    ]


def _unless_nearer(
    found: Sequence[FoundQuantity], search: QuantitySearch, side: Side
) -> list[FoundQuantity]:
    del search, side
    return list(found)


def _likely(
    search: QuantitySearch, comparison: Comparison, found: Sequence[FoundQuantity]
) -> list[FoundQuantity]:
    """Return what is about the subject, counts what is counted, and is of one kind."""
    told = [each for each in found if _is_about(each, comparison.question, search)]
    return told


def _is_about(found: FoundQuantity, question: str, search: QuantitySearch) -> bool:
    """Tell whether the article of a number is about the subject of a question for it."""
    return search.is_about(found, question) >= _ON_SUBJECT
