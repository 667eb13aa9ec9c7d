"""Finds the days for which a sentence holds: its article's days, or earlier days that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from index_store.records import DateRange, PublicationDate
from qa.dates.expressions import DateExpression, resolve_against

_CLAUSE_END = re.compile(r"[,;:](?!\d)|\s[–—-]\s|\b(?:maar|terwijl|but|while|whereas)\b")
_NOW = re.compile(
    r"\b(?:nu|inmiddels|thans|momenteel|vandaag|tegenwoordig|voortaan"
    r"|now|currently|today|meanwhile)\b",
    re.IGNORECASE,
)
# Words that put a value into the past without saying when.
_ONCE = re.compile(
    r"\b(?:eerst|eerder|aanvankelijk|oorspronkelijk|voorheen|vroeger|destijds|toen|ooit|eerdere"
    r"|vorige|voormalige?|initially|originally|previously|earlier|formerly|once|at the time"
    r"|used to|at first|former|previous)\b",
    re.IGNORECASE,
)
_LEADING_WORDS = 3  # before the date of "Back in December, …"


@dataclass(frozen=True, slots=True)
class SpokenDays:
    """The days for which a statement holds; not `certain` if the text only says "before"."""

    days: DateRange
    certain: bool = True


def days_spoken_of(
    sentence: str, start: int, end: int, published: PublicationDate, language: str
) -> SpokenDays | None:
    """Return the days for which the words at `start:end` of a sentence hold; `None` if unknown.

    These are the days on which the article may have appeared, with two exceptions. The clause
    around the words may name an earlier time ("in december waren het er nog 100.000"), or it may
    only say that the statement held before ("eerst"). A clause that says "now" has no exception.

    >>> from datetime import date
    >>> from index_store.records import Precision, Provenance
    >>> day = date(2022, 3, 8)
    >>> published = PublicationDate(day, day, Precision.DAY, Provenance.STATED)
    >>> said = "Nu zijn het er 190.000, maar in december waren het er nog 100.000."
    >>> days_spoken_of(said, 15, 22, published, "nl").days.first
    datetime.date(2022, 3, 8)
    >>> days_spoken_of(said, 57, 64, published, "nl").days.last
    datetime.date(2021, 12, 31)
    >>> days_spoken_of("Eerst waren het er 100.000.", 19, 26, published, "nl").certain
    False
    """
    if published.first is None or published.last is None:
        return None
    appeared = SpokenDays(DateRange(published.first, published.last))
    begin, stop = clause_around(sentence, start, end)
    if _NOW.search(sentence, begin, stop):
        return appeared
    expressions = resolve_against(sentence, published, language)
    past = [
        each.range
        for each in expressions
        if (begin <= each.start or _leads(sentence, each, begin))
        and each.end <= stop
        and _lies_before(each, start, end, published)
    ]
    if len(past) == 1:
        return SpokenDays(past[0])
    if _says_once(sentence, (begin, start), expressions) and published.first > published.first.min:
        return SpokenDays(DateRange(None, published.first - timedelta(days=1)), certain=False)
    return appeared


def _says_once(
    sentence: str, place: tuple[int, int], expressions: Sequence[DateExpression]
) -> bool:
    """Tell whether "eerst" or the like precedes the words, outside a date such as "vorige week"."""
    return any(
        not any(each.start <= match.start() < each.end for each in expressions)
        for match in _ONCE.finditer(sentence, *place)
    )


def _leads(sentence: str, expression: DateExpression, begin: int) -> bool:
    """Tell whether a clause is only a date, as in "In December, there were fewer"."""
    between = sentence[expression.end : max(begin, expression.end)]
    before = re.split(r"[,;:.]", sentence[: expression.start])[-1]
    return between.strip() == "," and len(before.split()) <= _LEADING_WORDS


def _lies_before(
    expression: DateExpression, start: int, end: int, published: PublicationDate
) -> bool:
    """Tell whether an expression beside the words names a closed period before the article."""
    days = expression.range
    is_beside = expression.end <= start or end <= expression.start
    return bool(
        is_beside and days.first and days.last and published.first and days.last < published.first
    )


def clause_around(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return the start and end of the clause that holds the words."""
    cuts = [0]
    for match in _CLAUSE_END.finditer(sentence):
        if match.end() <= start:
            cuts.append(match.end())
        elif match.start() >= end:
            return cuts[-1], match.start()
    return cuts[-1], len(sentence)
