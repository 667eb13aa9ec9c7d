"""Finds the time that a question is about, by rules that can be explained to the person who asks.

A period in a question limits the dates of *publication*. It does not limit them if the question
asks for a date ("op welke datum"), if the period belongs to a thing ("het akkoord van 2014"), if
the period lies before the archive begins, or if it lies after the end of the archive in a question
about the future. In these cases the text must speak of the period, and no article is left out.
Words that need a day to count from ("vorige maand") only count if the caller gives that day. A
month or day without its year never counts, and an event ("na de inval") is no date. A named day
includes the papers of the next two days, unless the day is the date of a paper ("de krant van 3
maart 2022"). A length of time ("binnen een jaar") and a comparison ("meer dan in 2019") limit
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal

from index_store.records import DateRange, Precision
from qa.dates.expressions import (
    Anchor,
    DateExpression,
    Modifier,
    find_dates,
)

Order = Literal["latest", "earliest"]

_LAST_DAY = date.max - timedelta(days=7)
# Any day will do: the rules only use words that do not depend on this day.
_SOME_DAY = date(2000, 6, 15)
_ASKS_FOR_A_DATE = re.compile(
    r"\b(?:wanneer|when|welke? (?:datum|dag|jaar|maand|week)"
    r"|(?:what|which) (?:date|day|year|month|week))\b",
    re.IGNORECASE,
)
_LOOKS_AHEAD = re.compile(
    r"\b(?:zal|zullen|gaat|gaan|wil|willen|plan\w*|gepland|verwacht\w*|voorspel\w*|doel\w*"
    r"|will|going to|plans?|planned|expect\w*|forecast\w*|target\w*)\b",
    re.IGNORECASE,
)
_HANGS_ON = re.compile(r"(\w+)\s+(?:van|uit|of|from)\s+(?:de |het |the )?$", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"(?:nieuws|berichten|artikelen|kranten|stukken|news|reports|articles|stories)$", re.IGNORECASE
)
_LATEST = re.compile(
    r"\b(?:(?:het |de )?(?:laatste|recentste|nieuwste|jongste) "
    r"(?:nieuws|stand|bericht\w*|cijfers?|schatting\w*|aantal\w*|ontwikkeling\w*|cijfer)"
    r"|(?:meest |most )(?:recente?|actuele|recent)"
    r"|(?:the )?(?:latest|newest) \w+|laatst bekende|last known)\b",
    re.IGNORECASE,
)
_EARLIEST = re.compile(
    r"\b(?:voor het eerst|aanvankelijk|oorspronkelijk\w*|het vroegste?|oudste (?:bericht|nieuws)\w*"
    r"|initially|originally|at first|first (?:reported|said|mentioned|estimate\w*)|earliest \w+)\b",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:behalve|niet|uitgezonderd|except|not|other than)\s+(?:(?:in|op|tijdens|during|on)\s+)?$",
    re.IGNORECASE,
)
# Digits right beside a date that belong to it: "32 januari", "1 januari 0001".
_LEFT_OVER = re.compile(r"\d\s*$"), re.compile(r"\s*\d")
# How long after a named day a paper may still be the first to report on that day.
_PAPERS_AFTER = timedelta(days=2)
# "De krant van 3 maart 2022" names the paper itself, not the day that the paper reports on.
_OF_THE_PAPER = re.compile(
    r"\b(?:krant|editie|dagblad|avondkrant|ochtendkrant|weekblad|nummer"
    r"|(?:news)?paper|edition|issue)"
    r"\s+(?:van|of|from|dated|d\.d\.)\s+(?:de |the )?$",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(
    r"\b(?:verschenen|gepubliceerd|geplaatst|published|printed|appeared)\s+(?:op|in|on)\s+$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:dan|vergeleken met|in vergelijking met|ten opzichte van|tegenover|than"
    r"|compared (?:to|with))\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
# A length of time without a stated beginning.
_DURATION = re.compile(
    r"(?:binnen|within|in)\s+(?:\w+\s+)?(?:\w+\s+)?"
    r"(?:dagen|dag|weken|week|maanden|maand|jaar|jaren|uur|days?|weeks?|months?|years?)",
    re.IGNORECASE,
)
_STRICT = (Modifier.BEFORE, Modifier.AFTER, Modifier.UNTIL)
_IN = re.compile(
    r"\b(?:in|op|rond|sinds|vanaf|tot|voor|vóór|na|begin|eind|half|on|since|until|before|after|early|late)"
    r"\s+$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:v[óo]ór|vóór|na|sinds|tijdens|before|after|since|during)\s+"
    r"(?:de|het|the|deze|dit|this)\s+(?!\d)\w+",
    re.IGNORECASE,
)


class PeriodKind(StrEnum):
    """Where the limits on the dates of publication come from."""

    STATED = "stated in question"
    GIVEN = "given"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AppliedPeriod:
    """How Dateline applies the time in a question.

    `range` limits the dates of publication, and `words` are the words of the question that name it.
    `speaks_of` is a period that the text should speak of instead. `order` is set if the question
    asks for the latest or the earliest. `exact` is set if the question names the date of a paper,
    so that reports in other papers do not count. `not_understood` holds words that name an event, a
    month or day without its year, or a period that is excluded or written wrongly.
    """

    range: DateRange | None = None
    words: str | None = None
    kind: PeriodKind = PeriodKind.NONE
    speaks_of: DateRange | None = None
    order: Order | None = None
    not_understood: str | None = None
    exact: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the period as JSON values."""
        return {
            "range": range_to_list(self.range),
            "words": self.words,
            "kind": self.kind.value,
            "speaks_of": range_to_list(self.speaks_of),
            "order": self.order,
            "not_understood": self.not_understood,
        }


NO_PERIOD = AppliedPeriod()


def range_to_list(days: DateRange | None) -> list[str | None] | None:
    """Return a range as two ISO days; `None` stands for an open side."""
    if days is None:
        return None
    return [day.isoformat() if day else None for day in (days.first, days.last)]


def applied_period(
    question: str,
    *,
    language: str,
    given: DateRange | None = None,
    today: date | None = None,
    archive: DateRange | None = None,
    of_articles: bool = False,
) -> AppliedPeriod:
    """Return the time that a question is about; the `given` limits override its words.

    "Vorige maand" counts from `today`. `archive` holds the days of the articles, as far as known.
    `of_articles` says that the question is about articles, so that "wanneer" asks when an article
    appeared, and a day or year is a date of publication.

    >>> december = applied_period(
    ...     "Wat zei Poetin in december 2021?", language="nl",
    ...     archive=DateRange(date(2021, 12, 1), date(2023, 3, 31)))
    >>> december.words, str(december.range.first), str(december.range.last), december.kind.value
    ('december 2021', '2021-12-01', '2021-12-31', 'stated in question')
    """
    found = _bounding(question, _expressions(question, language, today))
    order: Order | None = "latest" if _LATEST.search(question) else None
    order = order or ("earliest" if _EARLIEST.search(question) else None)
    event = None if found else _event(question) or _without_year(question, language)
    # "vóór februari" leaves February out; "drie jaar geleden" means the whole year.
    hull = _hull([each.range if _is_strict(each) else each.widest for each in found])
    if given is not None:
        return AppliedPeriod(given, None, PeriodKind.GIVEN, hull, order, event)
    if hull is None:
        return AppliedPeriod(order=order, not_understood=event)
    words = question[found[0].start : found[-1].end]
    if _is_bent(question[: found[0].start], question[found[-1].end :]):
        return AppliedPeriod(order=order, not_understood=words)
    asks_for_date = _ASKS_FOR_A_DATE.search(question) and not of_articles
    about_text = not of_articles and _is_about_text(question, found, hull, archive)
    if asks_for_date or about_text:
        return AppliedPeriod(speaks_of=hull, order=order)
    exact = of_articles or _names_the_paper(question[: found[0].start])
    bounds = hull if exact else _with_next_papers(found, hull)
    return AppliedPeriod(bounds, words, PeriodKind.STATED, order=order, exact=exact)


def _bounding(question: str, found: Sequence[DateExpression]) -> list[DateExpression]:
    """Leave out lengths of time, and every time in a comparison."""
    if any(_COMPARES.search(question[: each.start]) for each in found):
        return []
    return [each for each in found if not _DURATION.fullmatch(each.text)]


def _names_the_paper(before: str) -> bool:
    """Tell whether the words before a period make it the date of a paper."""
    return bool(_OF_THE_PAPER.search(before) or _PUBLICATION.search(before))


def _with_next_papers(found: Sequence[DateExpression], period: DateRange) -> DateRange:
    """Add the papers of the next two days to a named day."""
    is_named_day = len(found) == 1 and found[0].precision is Precision.DAY
    if not is_named_day or period.last is None or period.last > _LAST_DAY:
        return period
    return replace(period, last=period.last + _PAPERS_AFTER)


def _expressions(question: str, language: str, today: date | None) -> list[DateExpression]:
    """Return the expressions that name a period, given the day of asking."""
    return [
        each
        for each in find_dates(question, today=today or _SOME_DAY, language=language)
        if each.anchor is Anchor.CALENDAR
        or (each.anchor is Anchor.TODAY and today and not each.yearless)
    ]


def _is_about_text(
    question: str, found: Sequence[DateExpression], period: DateRange, archive: DateRange | None
) -> bool:
    if archive is None:
        return True
    if archive.first and period.last and period.last < archive.first:
        return True
    day = period.first or period.last
    if archive.last and day and day > archive.last and _LOOKS_AHEAD.search(question):
        return True
    before = question[: found[0].start]
    hanging = _HANGS_ON.search(before)
    if _OF_THE_PAPER.search(before):
        return False
    return bool(hanging and not _PUBLISHED.search(hanging.group(1)))


def _is_strict(expression: DateExpression) -> bool:
    """Tell whether the range excludes the named end; "voor 2024" without accents may include it."""
    return expression.modifier in _STRICT and not expression.text.casefold().startswith("voor ")


def _is_bent(before: str, after: str) -> bool:
    """Tell whether the words around a period change it into something else."""
    return bool(
        _EXCEPT.search(before) or _LEFT_OVER[0].search(before) or _LEFT_OVER[1].match(after)
    )


def _without_year(question: str, language: str) -> str | None:
    """Return the first month or day that a question names without its year ("in februari")."""
    for each in find_dates(question, today=_SOME_DAY, language=language):
        if each.yearless and _IN.search(question[: each.start]):
            return each.text
    return None


def _event(question: str) -> str | None:
    found = _EVENT.search(question)
    return found.group() if found else None


def _hull(ranges: Sequence[DateRange]) -> DateRange | None:
    if not ranges:
        return None
    firsts = [each.first for each in ranges]
    lasts = [each.last for each in ranges]
    return DateRange(
        None if None in firsts else min(day for day in firsts if day),
        None if None in lasts else max(day for day in lasts if day),
    )
