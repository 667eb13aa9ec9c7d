"""What a question fixes, held against the words around a candidate answer.

Only what contradicts counts: another year or month, another thing that is counted, words that are
no amount or day where one is asked for, euros where metres are, another person of the same surname,
the age of somebody else, another country, the mayor of another town, whoever was succeeded instead
of the successor, the old value of something where the new one is asked for, or what is not so
("niet bij Siemens, maar bij CAF"). That nothing is said of a year, a country or a person is no
conflict.
"""

from __future__ import annotations

import re
from datetime import timedelta

from index_store.records import Article, DateRange, Precision
from qa.answer.offices import is_in_another_office, is_of_another_succession, overlap
from qa.answer.other_person import is_of_another_person
from qa.answer.records import TEXT, quoted_field
from qa.answer.values import find_quantity
from qa.answer.values.spoken_days import clause_around
from qa.answer.values.units import dimension_of, units
from qa.dates.expressions import resolve_against
from qa.question.expected import ExpectedAnswer, fitness
from qa.question.inquiry import Inquiry
from qa.question.kind import QuestionKind
from qa.text.names import countries_in, listed_names

_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_DATES = frozenset(
    {ExpectedAnswer.TIME, ExpectedAnswer.YEAR, ExpectedAnswer.MONTH, ExpectedAnswer.WEEKDAY}
)
_AMOUNTS = frozenset(
    {
        ExpectedAnswer.SHARE,
        ExpectedAnswer.AGE,
        ExpectedAnswer.DURATION,
        ExpectedAnswer.MONEY,
        ExpectedAnswer.MEASURE,
    }
)
_COUNTED = _AMOUNTS - {ExpectedAnswer.AGE} | {ExpectedAnswer.NUMBER}
_A_MONTH = timedelta(days=31)
_FATES = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"\w*dod(?:en|elijke?)|dode|dodental(?:len)?|omgekomen|omkwam(?:en)?|kwam(?:en)?\s.*\bom|overleden|gedood"
        r"|sneuvel\w*|gesneuveld\w*|gestorven|stierven|dead|deaths?|killed|died|fatalit\w+",
        r"\w*gewond(?:en?)?|verwond\w*|injured|injur(?:y|ies)|wounded|hurt",
        r"vermist(?:en?)?|missing",
        r"opgepakt\w*|aangehouden\w*|gearresteerd\w*|arrestaties?|arrestant(?:en)?|arrest(?:s|ed)",
        r"geëvacueerd\w*|evacuated|evacuees",
        r"besmet(?:te|tingen)?|infected|infections",
    )
)
_REACH = 60  # characters behind a number, in which it is said what is counted
_NUMBER = re.compile(
    r"\d|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|tientallen|two|three|four|five|six"
    r"|seven|eight|nine|ten|dozens)\b",
    re.IGNORECASE,
)
_VALUE = r"(?:[€$£]\s?)?\d[\d.,]*(?:\s(?:%|procent|percent|miljoen|miljard|million|billion))?"
_FEW = r"[^.;:\d]{0,40}"  # what may stand between two values that are compared
_CHANGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:van|from)\s(?P<old>{_VALUE}){_FEW}\s(?:naar|to)\s(?P<new>{_VALUE})",
        rf"(?P<new>{_VALUE}){_FEW},\s(?:tegen|compared\s(?:to|with))\s(?P<old>{_VALUE})",
        rf"(?P<new>{_VALUE}){_FEW},\s(?:geen|niet|not)\s(?P<old>{_VALUE})",
    )
)
_BEFORE = re.compile(
    r"\b(?:eerst|aanvankelijk|oorspronkelijk\w*|voorheen|vroeger|voordien|ervoor|tot\snu\stoe|oude"
    r"|original(?:ly)?|initially|at\sfirst|previous(?:ly)?|formerly|used\sto)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:niet|geen|not)\s(?!(?:alleen|slechts|enkel|only|just)\b)(?P<other>[^.;:,]{1,60}),"
    r"\s(?:maar|but)\s(?!(?:ook|wel|also)\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:niet|geen|nooit|not|never|no)\b|n't\b", re.IGNORECASE)
_IN = re.compile(r"\b[Ii]n\s(?=[A-ZÀ-Þ])")
_LONGEST_COUNTRY = 40  # characters
_UNIT_ASKED = re.compile(r"\b(?:hoeveel|how\s(?:many|much))\s(?P<unit>\w+)", re.IGNORECASE)
_TWO_UNITS = re.compile(r"\b(?:ton|tons|pond|pounds?)\b", re.IGNORECASE)  # of money and of mass


def contradicts(
    inquiry: Inquiry,
    article: Article,
    sentence: tuple[int, int],
    answer: tuple[int, int],
    *,
    field: str = TEXT,
) -> bool:
    """Tell whether an answer, or the words around it, are of another time, thing, sort or person.

    Both places are of the article's text, or of its title if that is the `field`.
    """
    text = quoted_field(article, field)[slice(*sentence)]
    place = answer[0] - sentence[0], answer[1] - sentence[0]
    return (
        _is_of_another_year(inquiry, article, text, place)
        or _is_of_another_month(inquiry, article, text, place)
        or _is_before_or_after(inquiry, article, text, place)
        or _is_not_so(inquiry, text, place)
        or _is_in_another_country(inquiry, text)
        or is_of_another_person(inquiry, article, text, place)
        or _counts_another_fate(inquiry, text, place)
        or _is_of_another_sort(inquiry, text[slice(*place)])
        or _is_in_another_unit(inquiry, article, text[slice(*place)])
        or _is_in_another_office(inquiry, article, text, place)
        or is_of_another_succession(inquiry.asked, text, place)
    )


def _is_of_another_year(
    inquiry: Inquiry, article: Article, sentence: str, place: tuple[int, int]
) -> bool:
    """Tell whether the clause names years ("dit jaar", "in 2018"), and none that is asked of."""
    asked = {int(name) for name in inquiry.names if _YEAR.fullmatch(name)}
    if not asked or inquiry.expected in _DATES:
        return False
    named = _years_in(sentence, article, *clause_around(sentence, *place))
    return bool(named) and not any(_is_among(year, named) for year in asked)


def _is_of_another_month(
    inquiry: Inquiry, article: Article, sentence: str, place: tuple[int, int]
) -> bool:
    """Tell whether an amount stands with months ("in december"), and none that is asked of."""
    asked = inquiry.period.range or inquiry.period.speaks_of
    if inquiry.expected not in _COUNTED or asked is None or not _is_within_a_month(asked):
        return False
    named = _named_in(sentence, article, *clause_around(sentence, *place), Precision.MONTH)
    return bool(named) and not any(_meet(asked, each) for each in named)


def _is_within_a_month(days: DateRange) -> bool:
    return days.first is not None and days.last is not None and days.last - days.first <= _A_MONTH


def _meet(one: DateRange, other: DateRange) -> bool:
    """Tell whether two ranges, of which the first is bounded, share a day."""
    before = one.last and other.first and one.last < other.first
    after = one.first and other.last and other.last < one.first
    return not before and not after


def _years_in(sentence: str, article: Article, begin: int, stop: int) -> list[tuple[int, int]]:
    """Return the years that a part of a sentence names ("vorig jaar"), each as a first and last."""
    named = _named_in(sentence, article, begin, stop, Precision.YEAR)
    return [(days.first.year, days.last.year) for days in named if days.first and days.last]


def _named_in(
    sentence: str, article: Article, begin: int, stop: int, precision: Precision
) -> list[DateRange]:
    """Return the years, or the months, that a part of a sentence names."""
    return [
        each.range
        for each in resolve_against(sentence, article.published, article.language or "nl")
        if each.precision is precision and begin <= each.start and each.end <= stop
    ]


def _is_among(year: int, named: list[tuple[int, int]]) -> bool:
    return any(first <= year <= last for first, last in named)


def _is_before_or_after(
    inquiry: Inquiry, article: Article, sentence: str, place: tuple[int, int]
) -> bool:
    """Tell whether an answer is the new value where the old one is asked for, or the reverse.

    The old one is asked for by a word such as "eerst". Either is by a year that stands with it.
    """
    asked = {int(name) for name in inquiry.names if _YEAR.fullmatch(name)}
    before = _BEFORE.search(inquiry.asked)
    if not asked and not before:
        return False
    for change in (found for each in _CHANGES for found in each.finditer(sentence)):
        held = [name for name in ("old", "new") if overlap(change.span(name), place)]
        if len(held) != 1:
            continue
        other = "new" if held == ["old"] else "old"
        own, others = (
            _years_in(sentence, article, *clause_around(sentence, *change.span(name)))
            for name in (held[0], other)
        )
        if any(_is_among(year, others) and not _is_among(year, own) for year in asked):
            return True
        if before and not asked and held == ["new"]:
            return before.group().lower() not in sentence.lower()
    return False


def _is_not_so(inquiry: Inquiry, sentence: str, place: tuple[int, int]) -> bool:
    """Tell whether an answer is what a sentence exchanges for another: "niet A, maar B"."""
    if inquiry.shape is QuestionKind.STATEMENT or _NEGATION.search(inquiry.asked):
        return False
    return any(
        found.start("other") <= place[0] and place[1] <= found.end("other")
        for found in _INSTEAD.finditer(sentence)
    )


def _is_in_another_country(inquiry: Inquiry, sentence: str) -> bool:
    """Tell whether a sentence says "in Portugal", and names none of the countries asked of."""
    if inquiry.shape is QuestionKind.STATEMENT:
        return False  # "In Nederland was ik ambtenaar, hier ben ik boer" tells of another country
    asked, told = _countries_of_places(inquiry.asked), _countries_of_places(sentence)
    return bool(asked and told) and asked.isdisjoint(countries_in(sentence))


def _countries_of_places(text: str) -> set[str]:
    """Return the countries in which a text says that something is."""
    found: set[str] = set()
    for each in _IN.finditer(text):
        behind = text[each.end() : each.end() + _LONGEST_COUNTRY]
        named = listed_names(behind)
        if named and behind.startswith(named[0]):
            found |= countries_in(named[0])
    return found


def _counts_another_fate(inquiry: Inquiry, sentence: str, place: tuple[int, int]) -> bool:
    """Tell whether a number counts the injured where the dead are asked for, and so on."""
    if inquiry.expected is not ExpectedAnswer.NUMBER:
        return False
    asked, own = _fates_in(inquiry.asked), _fates_in(sentence[slice(*place)])
    if asked and own:
        return not asked & own  # "zes gewonden"
    begin, stop = clause_around(sentence, *place)
    behind = sentence[place[0] : min(stop, place[1] + _REACH)]
    following = _NUMBER.search(behind, place[1] - place[0])
    counted = _fates_in(behind[: following.start()] if following else behind)
    if not asked or not counted:
        return False
    return not asked & (counted | _fates_in(sentence[begin : place[0]]))


def _is_of_another_sort(inquiry: Inquiry, answer: str) -> bool:
    """Tell whether an answer holds no amount or day where one is asked for.

    Of 449 such spans, found for 1,155 questions, one was right.
    """
    if inquiry.expected in _AMOUNTS and fitness(ExpectedAnswer.NUMBER, answer) > 0:
        return False  # "hoeveel levens kostte", "hoe lang is de brug": the unit may be another one
    return inquiry.expected in _DATES | _AMOUNTS and fitness(inquiry.expected, answer) < 0


def _is_in_another_unit(inquiry: Inquiry, article: Article, answer: str) -> bool:
    """Tell whether an amount is of another dimension than the unit that a question names."""
    asked = _UNIT_ASKED.search(inquiry.asked)
    known = units().get(asked["unit"].lower()) if asked else None
    quantity = find_quantity(answer, article.language or "nl") if known else None
    if not (known and quantity and quantity.kind):
        return False
    if _TWO_UNITS.search(f"{inquiry.asked} {answer}"):
        return False
    return dimension_of(quantity.kind) != dimension_of(known[0])


def _is_in_another_office(
    inquiry: Inquiry, article: Article, sentence: str, place: tuple[int, int]
) -> bool:
    """Tell whether an answer has the office asked of, but elsewhere.

    In another language the place has another name: "minister of Defence", "van Defensie".
    """
    is_foreign = article.language not in (None, inquiry.language)
    return not is_foreign and is_in_another_office(inquiry.asked, sentence, place)


def _fates_in(text: str) -> set[int]:
    return {number for number, fate in enumerate(_FATES) if fate.search(text)}
