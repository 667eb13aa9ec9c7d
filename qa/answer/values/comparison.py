"""Decides whether two answers say the same, in any words, figures or spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index_store.analysis.language import FUNCTION_WORDS
from index_store.records import UNKNOWN_DATE, DateRange, Precision, PublicationDate
from qa.answer.values.quantities import Quantity, find_quantity
from qa.dates.expressions import DateExpression, find_dates, resolve_against
from qa.text.names import NameWord, words_of
from qa.text.numbers import number_at

_ARTICLES = frozenset({"de", "het", "een", "the", "a", "an"})
_NEGATIONS = frozenset({"niet", "geen", "nooit", "niemand", "niets", "nee", "neen"}) | frozenset(
    {"not", "no", "never", "nobody", "nothing", "none"}
)
_YES = frozenset({"ja", "jawel", "jazeker", "yes", "yeah"})
_NO = frozenset({"nee", "neen", "no", "nope"})
_DAY_WORDS = frozenset({"dag", "datum", "nacht", "avond", "ochtend", "middag", "jaar", "maand"})
_DAY_WORDS |= {"day", "date", "night", "evening", "morning", "afternoon", "year", "month"}
_LONGEST_COMPARED = 400  # characters; the rest of a longer answer does not count
# Both sides of a comparison of days without a year are read as if written on this day.
_ANY_DAY = date(2000, 6, 15)
_FIGURES = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Value:
    """The meaning of an answer, for comparison only; `text` is the answer as shown.

    Two values are compared by the first of `says` (yes or no), `days` (if the answer is a date),
    `yearless` and `quantity` that both have, else by their `words`. `yearless` holds the days of an
    answer such as "15 februari" without any year; their year has no meaning.
    """

    text: str
    words: tuple[NameWord, ...]
    says: bool | None = None
    days: tuple[DateRange, ...] = ()
    yearless: tuple[DateRange, ...] = ()
    quantity: Quantity | None = None
    negated: bool = False

    @property
    def sort(self) -> str:
        """The sort of the value; values of different sorts do not answer the same question."""
        if self.says is not None:
            return "yes or no"
        if self.days or self.yearless:
            return "date"
        return "quantity" if self.quantity else "words"


def read_value(
    text: str,
    language: str,
    published: PublicationDate = UNKNOWN_DATE,
    *,
    sentence: str = "",
    start: int = 0,
) -> Value:
    """Read an answer from an article published on that date; relative days need the date.

    `sentence` holds the answer, at `start`. Its verb tells of which year a bare "juli" is, so that
    the answer has the same days as its quote.

    >>> read_value("zo'n 100.000 troepen", "nl").quantity.bound.value
    'about'
    >>> read_value("op 3 maart 2021", "nl").days[0].first
    datetime.date(2021, 3, 3)
    """
    text = text[:_LONGEST_COMPARED]
    words = tuple(_words(text, language))
    plain = [word.plain for word in words]
    quantity = find_quantity(text, language)
    first = plain[0] if plain else ""
    return Value(
        text=text,
        words=words,
        says=True if first in _YES else False if first in _NO and len(plain) == 1 else None,
        days=_days(text, _dates(text, language, published, sentence, start), language, published),
        yearless=_yearless(text, language),
        quantity=quantity,
        # "nog geen 100" is a number below 100, not a denial.
        negated=quantity is None and not _NEGATIONS.isdisjoint(plain),
    )


def same_value(one: str, other: str, language: str) -> bool:
    """Tell whether two answers in a language say the same: a number, day, name, or equal words.

    >>> same_value("zo'n 100.000", "honderdduizend", "nl"), same_value("7.000", "8.000", "nl")
    (True, False)
    >>> same_value("meer dan 100.000", "100.000", "nl"), same_value("1.912 tanks", "1912", "nl")
    (False, True)
    >>> same_value("Wit-Rusland", "Belarus", "nl"), same_value("Zelenski", "Zelensky", "nl")
    (True, True)
    >>> same_value("Bartle Gorman", "de heer Gorman", "nl"), same_value("Ja", "Nee", "nl")
    (False, False)
    >>> same_value("Gorman", "Bartle Gorman", "nl"), same_value("15 feb.", "15 februari", "nl")
    (True, True)
    """
    return same(read_value(one, language), read_value(other, language))


def same(one: Value, other: Value) -> bool:
    """Tell whether two answers say the same."""
    if one.says is not None and other.says is not None:
        return one.says == other.says
    if one.negated != other.negated:
        return False
    if one.days and other.days:
        return _same_days(one.days, other.days)
    if one.yearless and other.yearless and not (one.days or other.days):
        return one.yearless == other.yearless
    if one.quantity and other.quantity:
        return one.quantity.same(other.quantity)
    return _same_words(one.words, other.words)


def same_bearer(one: Value, other: Value) -> bool:
    """Tell whether two answers name the same person, with a title or a first name.

    This test is looser than `same`, for answers to one question. Different first names are
    different persons.

    >>> def bears(one: str, other: str) -> bool:
    ...     return same_bearer(read_value(one, "nl"), read_value(other, "nl"))
    >>> bears("bondskanselier Scholz", "Olaf Scholz"), bears("Piet Gorman", "Bartle Gorman")
    (True, False)
    """
    names = _bearer(one.words), _bearer(other.words)
    return one.negated == other.negated and all(names) and _same_words(*names)


def _bearer(words: Sequence[NameWord]) -> Sequence[NameWord]:
    """Return the name at the end of an answer, if only a title in small letters precedes it."""
    start = len(words)
    while start and words[start - 1].name:
        start -= 1
    before = words[:start]
    known = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
    has_title = not before or before[-1].plain not in known
    counted = any(word.plain.startswith("#") for word in before)
    return words[start:] if has_title and not counted else ()


def may_both_hold(one: Value, other: Value) -> bool:
    """Tell whether two answers can both be true: "meer dan 100.000" and "120.000" can.

    >>> more, exact = read_value("meer dan 100.000", "nl"), read_value("120.000", "nl")
    >>> same(more, exact), may_both_hold(more, exact)
    (False, True)
    """
    if same(one, other):
        return True
    if one.negated != other.negated:
        return False
    if one.days and other.days:
        return len(one.days) == len(other.days) == 1 and one.days[0].overlaps(other.days[0])
    if one.quantity and other.quantity:
        return one.quantity.overlaps(other.quantity)
    return False


def _same_days(one: Sequence[DateRange], other: Sequence[DateRange]) -> bool:
    """Tell whether the days are equal, or "maart 2022" is a less precise name for them."""
    if tuple(one) == tuple(other):
        return True
    if len(one) != 1 or len(other) != 1:
        return False
    return _within(one[0], other[0]) or _within(other[0], one[0])


def _within(inner: DateRange, outer: DateRange) -> bool:
    if not (inner.first and inner.last and outer.first and outer.last):
        return False
    is_calendar_unit = outer.first.day == 1 and outer.last.day >= 28
    return is_calendar_unit and outer.first <= inner.first and inner.last <= outer.last


def _dates(
    text: str, language: str, published: PublicationDate, sentence: str, start: int
) -> list[DateExpression]:
    """Return the dates of an answer, with the days that its sentence gives them."""
    alone = resolve_against(text, published, language)
    if not sentence or not any(each.relative for each in alone):
        return alone
    told = resolve_against(sentence, published, language)
    return [
        next(
            (
                replace(other, start=each.start, end=each.end)
                for other in told
                if other.start - start <= each.start
                and each.end <= other.end - start
                # "Juli" is that of "juli 2018", but "sinds juli" is another time.
                and other.precision is each.precision
            ),
            each,
        )
        for each in alone
    ]


def _days(
    text: str, found: Sequence[DateExpression], language: str, published: PublicationDate
) -> tuple[DateRange, ...]:
    """Return the days of an answer that consists of dates, as far as they are certain."""
    if not found or not _is_all_dates(text, found, language):
        return ()
    if not all(_is_certain(expression, published) for expression in found):
        return ()
    return tuple(expression.widest for expression in found)


def _is_certain(expression: DateExpression, published: PublicationDate) -> bool:
    """Tell whether an expression means the same days on every possible date of its article."""
    if not expression.relative or published.precision is Precision.DAY:
        return True
    return expression.weekday is None and bool(_FIGURES.search(expression.text))


def _yearless(text: str, language: str) -> tuple[DateRange, ...]:
    """Return the days of "15 of 16 februari", in a year without meaning."""
    found = find_dates(text, today=_ANY_DAY, language=language)
    if not found or not _is_all_dates(text, found, language):
        return ()
    figures = all(_FIGURES.search(each.text) and each.relative for each in found)
    return tuple(each.widest for each in found) if figures else ()


def _is_all_dates(text: str, found: Sequence[DateExpression], language: str) -> bool:
    """Tell whether an answer consists only of dates and function words."""
    at, left = 0, []
    for expression in found:
        left.append(text[at : expression.start])
        at = expression.end
    words = re.findall(r"\w+", " ".join([*left, text[at:]]).casefold())
    allowed = FUNCTION_WORDS.get(language, FUNCTION_WORDS["nl"]) | _DAY_WORDS
    return all(word in allowed for word in words)


def _words(text: str, language: str) -> list[NameWord]:
    """Return the words of an answer without articles, each number as one word of digits."""
    words = [word for word in words_of(_joined_figures(text)) if word.plain not in _ARTICLES]
    found: list[NameWord] = []
    at = 0
    while at < len(words):
        number = number_at([word.plain for word in words[at : at + 6]], language)
        if number:
            found.append(NameWord(f"#{float(number.value):g}"))
        else:
            found.append(words[at])
        at += number.taken if number else 1
    return found


def _joined_figures(text: str) -> str:
    """Join "1.912", "1 912" and "1,912" into one figure."""
    return re.sub(r"(?<=\d)[.,\u00a0\u2009\u202f ](?=\d{3}(?!\d))", "", text)


def _same_words(one: Sequence[NameWord], other: Sequence[NameWord]) -> bool:
    """Tell whether one answer is a row of words in the other, or both have the same words."""
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return False
    # A figure must begin the longer answer: "drie van de tien", not "Nord Stream 2".
    only_figures = all(word.plain.startswith("#") for word in shorter)
    for start in range(1 if only_figures else len(longer) - len(shorter) + 1):
        row = longer[start : start + len(shorter)]
        if all(a.same(b) for a, b in zip(shorter, row, strict=True)):
            return True
    return len(shorter) == len(longer) and all(
        any(word.same(each) for each in longer) for word in shorter
    )
