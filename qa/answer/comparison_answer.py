"""Answers comparisons: it quotes both values, and marks as computed what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from index_store.records import DateRange
from qa.answer.candidates import margin_and_support
from qa.answer.compared_things import clause_of, is_said_of
from qa.answer.comparison_wording import ComparedValue, word_extreme, word_missing, word_pair
from qa.answer.composer import Composition
from qa.answer.quantity_search import FoundQuantity, QuantitySearch, within
from qa.answer.values.arithmetic import in_unit_of, written_unit
from qa.answer.values.elapsed import find_years_before, years_before
from qa.answer.values.units import CURRENCIES
from qa.dates.expressions import resolve_against
from qa.question.compared_sides import Side
from qa.question.comparison import Comparison, ComparisonForm, read_comparison
from qa.question.inquiry import Inquiry
from qa.question.kind import QuestionKind
from qa.retrieval.passage import Passage

_LIKELY = 4.0  # log-odds; a value over time may lie this far below the best one
_ONE_OCCASION = 31  # days; values of one article within them belong to one occasion

_KINDS: dict[str, frozenset[str | None]] = {
    "length": frozenset({"length"}),
    "duration": frozenset({"duration", "months"}),
    "age": frozenset({"months", None}),
    "mass": frozenset({"mass"}),
    "heat": frozenset({"heat"}),
    "money": frozenset(CURRENCIES),
}

_Pool = list[FoundQuantity]


@dataclass(frozen=True, slots=True)
class _Sure:
    """A quantity with the probability that it is right (0–1)."""

    found: FoundQuantity
    confidence: float


def answer_comparison(
    search: QuantitySearch, inquiry: Inquiry, threshold: float
) -> tuple[Composition, list[Passage]] | None:
    """Return an answer that compares the values; `None` if no value is sure enough."""
    comparison = read_comparison(inquiry.asked, inquiry.analysis, inquiry.language)
    if comparison is None:
        return None
    if comparison.sides:
        return _of_sides(search, comparison, threshold)
    return _over_time(search, comparison, threshold)


def _of_sides(
    search: QuantitySearch, comparison: Comparison, threshold: float
) -> tuple[Composition, list[Passage]] | None:
    one, other = comparison.sides
    pools = _of_periods(search, comparison) if one.dated else _of_things(search, comparison)
    found = _of_one_kind(search, pools)
    first, second = (each if each and each.confidence >= threshold else None for each in found)
    if first and second:
        values = _in_one_unit(ComparedValue(first.found, first.found.quantity, one), second, other)
        confidence = min(first.confidence, second.confidence)
        answer = word_pair(search.language, comparison, values, confidence)
        return answer, _passages([first.found, second.found])
    if first:
        return _alone(search, first, one, other)
    return _alone(search, second, other, one) if second else None


def _alone(
    search: QuantitySearch, sure: _Sure, side: Side, missing: Side
) -> tuple[Composition, list[Passage]]:
    value = ComparedValue(sure.found, sure.found.quantity, side)
    answer = word_missing(search.language, value, missing, sure.confidence)
    return answer, _passages([sure.found])


def _over_time(
    search: QuantitySearch, comparison: Comparison, threshold: float
) -> tuple[Composition, list[Passage]] | None:
    """Return the change from the oldest value to the newest, or the extreme of all values."""
    found = _one_an_occasion(_likely(search, comparison, search.find(comparison.question)))
    if not found or (len(found) == 1 and comparison.form is not ComparisonForm.WHEN):
        return None
    confidence = _confidence(search, found)
    if confidence < threshold:
        return None
    if comparison.form is ComparisonForm.WHEN:
        found.sort(key=_last_day)
        extreme = (min if comparison.less else max)(found, key=lambda each: each.quantity.low)
        chosen = [extreme, *(each for each in found if each is not extreme)]
        values = [ComparedValue(each, each.quantity) for each in chosen]
        return word_extreme(search.language, comparison, values, confidence), _passages(chosen)
    oldest, newest = min(found, key=_last_day), max(found, key=_last_day)
    pair = ComparedValue(oldest, oldest.quantity), ComparedValue(newest, newest.quantity)
    answer = word_pair(search.language, comparison, pair, confidence)
    return answer, _passages([oldest, newest])


def _of_periods(search: QuantitySearch, comparison: Comparison) -> tuple[_Pool, _Pool]:
    """Return the quantities of each of two periods; relative ones count from the newest value."""
    every = _likely(search, comparison, search.find(comparison.question))
    published = [each.candidate.passage.article.published for each in every]
    newest = max(published, key=lambda each: str(each.last), default=None)
    named: DateRange | None = None
    pools: list[_Pool] = []
    for side in comparison.sides:
        if side.now:
            pools.append(_of_newest(every))
            continue
        days = None
        if elapsed := find_years_before(side.text, search.language):
            days = years_before(named, elapsed[0].years) if named else None
        elif newest:
            expressions = resolve_against(side.text, newest, search.language)
            days = expressions[-1].widest if expressions else None
        named = named or days
        found = [*every, *search.find(side.question, days)] if days else []
        likely = _likely(search, comparison, _each_once(found))
        pools.append([each for each in likely if days and within(each.days, days)])
    return pools[0], pools[1]


def _each_once(found: Iterable[FoundQuantity]) -> _Pool:
    """Return the quantities of two searches, each place once with its better score, best first."""
    best: dict[tuple[str, int], FoundQuantity] = {}
    for each in sorted(found, key=lambda each: -each.candidate.score):
        best.setdefault(_place(each), each)
    return list(best.values())


def _of_newest(found: Iterable[FoundQuantity]) -> _Pool:
    """Return the quantities of the last days for which the archive gives any."""
    dated = [each for each in found if _is_dated(each)]
    last = max(map(_last_day, dated), default=None)
    return [each for each in dated if _last_day(each) == last]


def _of_things(search: QuantitySearch, comparison: Comparison) -> tuple[_Pool, _Pool]:
    """Return the quantities of each of two things."""
    one, other = comparison.sides
    pools: list[_Pool] = []
    for side, against in ((one, other), (other, one)):
        found = _of_sorts(comparison.sorts, search.find(side.question))
        about = [each for each in found if search.is_about(each, side.question)]
        pools.append(_said_of(search, side, against, about))
    return _of_one_article(pools[0], pools[1])


def _of_one_article(one: _Pool, other: _Pool) -> tuple[_Pool, _Pool]:
    """Return what the best article says of both things, if one nearly as good as the best does.

    Two parties' votes are of one election if one article gives both.
    """
    if not one or not other:
        return one, other
    shared = {_article(each) for each in one} & {_article(each) for each in other}
    least = one[0].candidate.score + other[0].candidate.score - _LIKELY
    pairs = [
        [[each for each in pool if _article(each) == article] for pool in (one, other)]
        for article in sorted(shared)
    ]
    scored = [(sum(pool[0].candidate.score for pool in pair), pair) for pair in pairs]
    score, best = max(scored, key=lambda each: each[0], default=(least - 1, [one, other]))
    return (best[0], best[1]) if score >= least else (one, other)


def _article(found: FoundQuantity) -> str:
    return found.candidate.passage.article.id


def _said_of(search: QuantitySearch, side: Side, other: Side, found: _Pool) -> _Pool:
    """Return the quantities of a thing: by its name, or by meaning in another language."""
    foreign = [each for each in found if search.is_foreign(each)]
    leanings = search.leanings(side.question, other.question, [clause_of(each) for each in foreign])
    by_meaning = dict(zip(map(_place, foreign), leanings, strict=True))
    kept = []
    for each in found:
        told = is_said_of(each, side, other)
        if told is None:
            told = by_meaning.get(_place(each), 0.0) > 0
        if told:
            kept.append(each)
    return kept


def _of_sorts(sorts: Sequence[str], found: Iterable[FoundQuantity]) -> _Pool:
    """Return the quantities in the sorts of unit that the question asks for, if it names any.

    A bare number counts too if it takes its unit from another number in its sentence; an age is a
    bare number.
    """
    kinds = {kind for sort in sorts for kind in _KINDS[sort]}
    return [
        each
        for each in found
        if not kinds or each.quantity.kind in kinds or each.leaves_unit_to(kinds)
    ]


def _place(found: FoundQuantity) -> tuple[str, int]:
    return found.candidate.passage.article.id, found.candidate.start


def _likely(
    search: QuantitySearch, comparison: Comparison, found: Iterable[FoundQuantity]
) -> _Pool:
    """Return the quantities on the subject, of the counted noun, and of the best one's kind."""
    fitting = _of_sorts(comparison.sorts, found)
    about = [each for each in fitting if search.is_about(each, comparison.topic)]
    counted = [each for each in about if not each.counts_another(comparison.counted)]
    if not counted:
        return []
    best = counted[0]
    return [
        each
        for each in counted
        if each.quantity.kind == best.quantity.kind
        and each.candidate.score >= best.candidate.score - _LIKELY
    ]


def _one_an_occasion(found: Iterable[FoundQuantity]) -> _Pool:
    """Return the best value of each occasion, if its days are known; one day is one occasion."""
    kept: _Pool = []
    for each in found:
        if _is_dated(each) and not any(_same_occasion(each, other) for other in kept):
            kept.append(each)
    return kept


def _same_occasion(one: FoundQuantity, other: FoundQuantity) -> bool:
    same_article = _article(one) == _article(other)
    apart = abs((_last_day(one) - _last_day(other)).days)
    return apart == 0 or (same_article and apart <= _ONE_OCCASION)


def _is_dated(found: FoundQuantity) -> bool:
    days = found.days
    return bool(days and days.certain and days.days.first and days.days.last)


def _last_day(found: FoundQuantity) -> date:
    days = found.days
    return days.days.last if days and days.days.last else date.min


def _confidence(search: QuantitySearch, pool: Sequence[FoundQuantity]) -> float:
    candidates = [each.candidate for each in pool]
    stands = margin_and_support(candidates, QuestionKind.FACT)
    return search.calibration.probability(candidates[0].evidence, stands)


def _surest(search: QuantitySearch, pool: Sequence[FoundQuantity]) -> _Sure | None:
    return _Sure(pool[0], _confidence(search, pool)) if pool else None


def _of_one_kind(
    search: QuantitySearch, pools: tuple[_Pool, _Pool]
) -> tuple[_Sure | None, _Sure | None]:
    """Return the surest value of each side, or surer pairs of one kind if the kinds differ.

    Sums in two currencies are both kept. Otherwise a height does not answer a question for a price,
    so only the surer value stays.
    """
    one, other = (_surest(search, pool) for pool in pools)
    if one is None or other is None or _are_comparable(one.found, other.found):
        return one, other
    kinds = {each.quantity.kind for each in pools[0]} & {each.quantity.kind for each in pools[1]}
    pairs = [
        tuple(
            _surest(search, [each for each in pool if each.quantity.kind == kind]) for pool in pools
        )
        for kind in kinds
    ]
    best = max(pairs, key=_least_sure, default=None)
    if best and _least_sure(best) >= search.calibration.threshold:
        return best[0], best[1]
    if {one.found.quantity.kind, other.found.quantity.kind} <= CURRENCIES:
        return one, other
    return (one, None) if one.confidence >= other.confidence else (None, other)


def _least_sure(pair: Sequence[_Sure | None]) -> float:
    return min(each.confidence if each else 0.0 for each in pair)


def _are_comparable(one: FoundQuantity, other: FoundQuantity) -> bool:
    """Tell whether two quantities are of one kind, or share one unit in their sentence."""
    kinds = one.quantity.kind, other.quantity.kind
    return kinds[0] == kinds[1] or (None in kinds and _leaves_unit(one, other))


def _leaves_unit(one: FoundQuantity, other: FoundQuantity) -> bool:
    return (one.start, one.end) == (other.start, other.end) and _article(one) == _article(other)


def _in_one_unit(
    one: ComparedValue, second: _Sure, side: Side
) -> tuple[ComparedValue, ComparedValue]:
    """Give a bare number the unit of the other number: "de toren is 71 meter, het stadhuis 38"."""
    other = ComparedValue(second.found, second.found.quantity, side)
    if one.quantity.kind == other.quantity.kind or not _leaves_unit(one.found, other.found):
        return one, other
    if one.quantity.kind is None:
        return _with_unit_of(one, other), other
    return one, (_with_unit_of(other, one) if other.quantity.kind is None else other)


def _with_unit_of(bare: ComparedValue, whole: ComparedValue) -> ComparedValue:
    unit = written_unit(whole.found.candidate.text, whole.quantity)
    if unit is None:
        return bare
    quantity = in_unit_of(bare.quantity, whole.quantity, unit)
    return ComparedValue(bare.found, quantity, bare.side)


def _passages(found: Iterable[FoundQuantity]) -> list[Passage]:
    """Return the passages that hold the values, each once."""
    passages = {each.candidate.passage.chunk.id: each.candidate.passage for each in found}
    return list(passages.values())
