"""The two sides of a comparison: periods, or things with the words that tell them apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.dates.expressions import DateExpression, find_dates
from qa.question.form.words import words_of

_SOME_DAY = date(2000, 6, 15)  # any day will do: only the place of the words is used


# Only in small letters, because "Ouderen Nu" is a name.
NOW = re.compile(
    r"\b(?:nu|now|inmiddels|tegenwoordig|vandaag|today|momenteel|currently|dit jaar|this year)\b"
)
_YEAR_BEFORE = re.compile(
    r"(?:het|the|een|a) (?:jaar|year) (?:daarvoor|ervoor|eerder|before|earlier)$", re.IGNORECASE
)
_BEFORE_DATE = re.compile(r"(?:\b(?:in|op|van|sinds|on|at|of|during|tijdens)\s+)$", re.IGNORECASE)
_STANDS_FOR = re.compile(
    r"^(?:(?P<of>die|dat|that|those)\s+(?=van|of|in|bij|op|at)|(?P<one>(?:the|de|het)\s+\w+\s+ones?$)"
    r"|(?P<bare>(?:de|het|the)\s+\w+e?n?$))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_EMPTY_WORDS = words_of(
    "de het een the a an die dat deze that those van of in bij op aan voor at on for one ones"
    " is was zijn waren er"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its words, and the question for its value.

    A side with `dated` is a period. A side with `now` asks for the newest value, whether or not the
    question says so. `named` holds the words that tell a thing from the other thing.
    """

    text: str
    question: str
    dated: bool = False
    now: bool = False
    named: tuple[str, ...] = ()


def dates_in_question(text: str) -> Sequence[DateExpression]:
    """Return the expressions of time in a part of a question; their days have no meaning."""
    return find_dates(text, today=_SOME_DAY, language="nl") or find_dates(
        text, today=_SOME_DAY, language="en"
    )


def is_period(text: str) -> bool:
    """Tell whether one side of a comparison is a period.

    >>> is_period("in 2019"), is_period("the one in 2018"), is_period("Ouderen Nu")
    (True, True, False)
    """
    if NOW.fullmatch(text) or _YEAR_BEFORE.search(text):
        return True
    found = dates_in_question(text)
    return bool(found) and len(text[: found[0].start].split()) <= 3


def period_in(text: str) -> tuple[int, int] | None:
    """Return the place of a period in a text, with its preposition."""
    found = dates_in_question(text)
    if found:
        last = found[-1]
        before = _BEFORE_DATE.search(text[: last.start])
        return (before.start() if before else last.start), last.end
    now = NOW.search(text)
    return now.span() if now else None


def filled_in(one: str, other: str) -> str:
    """Return the second side with the noun that stands only in the first side.

    >>> filled_in("de nieuwe toren", "de oude"), filled_in("het schip van An", "dat van Bo")
    ('de oude toren', 'het schip van Bo')
    >>> filled_in("the new tower", "the old one"), filled_in("de kerktoren", "het stadhuis")
    ('the old tower', 'het stadhuis')
    """
    stands = _STANDS_FOR.match(other)
    if stands is None:
        return other
    noun = re.split(r"\s(?:van|of|in|bij|op|at|on|for|voor)\s", one)[0]
    if stands["of"]:
        return f"{noun} {other[stands.end() :]}"
    head = noun.split()[-1]
    if stands["one"]:
        return re.sub(r"ones?$", head, other)
    is_adjective = len(noun.split()) > 2 and other.endswith("e")
    return f"{other} {head}" if is_adjective else other


def things(names: tuple[str, str], questions: list[str]) -> tuple[Side, ...]:
    """Return two things, each with the words that the other thing lacks."""
    words = [
        [word for word in _WORD.findall(name) if word.casefold() not in _EMPTY_WORDS]
        for name in names
    ]
    folded = [{word.casefold() for word in found} for found in words]
    return tuple(
        Side(
            name,
            asked,
            named=tuple(word for word in own if word.casefold() not in others) or tuple(own),
        )
        for name, asked, own, others in zip(names, questions, words, reversed(folded), strict=True)
    )
