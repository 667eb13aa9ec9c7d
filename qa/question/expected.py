"""Decides by the words of a question what sort of answer it expects: a number, a day, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.question.fitness import UNITS, UNITS_OF_TIME, ExpectedAnswer, fitness
from qa.question.form.wording import Slice, word_question
from qa.question.form.words import (
    AGE_NOUNS,
    DURATION_NOUNS,
    MEASURE_NOUNS,
    MONEY_NOUNS,
    NUMBER_NOUNS,
    PLAIN_NOUNS,
    ROLES,
    SHARE_NOUNS,
    TIME_NOUNS,
    VERBS_FIRST,
    any_of,
)

__all__ = ["Expectation", "ExpectedAnswer", "expectation", "expected_answer", "fitness"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """The sort of answer that a question expects; for counts, also the counted noun ("gewonden").

    `open` is set if no word of the question names a sort, so that "hoe" asks for a manner.
    """

    answer: ExpectedAnswer
    head: Slice | None = None
    open: bool = False


_MONEY_UNITS = r"(?:euro(?:'s|s)?|dollars?|pond|pounds|geld|money|roebel|subsidie|budget|belasting)"
_COUNT = r"(?:hoeveel|hoe veel|how many|how much)"
_COSTING = (
    rf"(?:{_COUNT} .*(?:kost(?:te|ten|en)?|betaald|betaalt|verdient|verdiende|cost|costs|paid|earn)"
    r"|(?:wat|what) (?:kost(?:te|en)?|verdient|verdiende|betaal(?:t|de|den)"
    r"|(?:moet|moest|moeten|moesten) .*betalen|(?:does|do|did|will|would) .+ (?:cost|earn)))"
)
_CHARGES = (
    r"\w*(?:boete|prijs|schuld|schade|rekening|subsidie|kosten|huur|salaris|lening|begroting|premie"
    r"|belasting)"
)
# "de" and "the" are words in -e too: were they listed, the time would double with each of them.
_IT = r"(?:(?:het|een|an?|zijn|haar|hun|(?!hoe)\w+e) )*"
_PLACES = (
    r"(?:land|landen|stad|steden|plaats|plaatsen|dorp|dorpen|provincie|provincies|regio|gebied"
    r"|gebieden|gemeente|gemeenten|wijk|straat|eiland|locatie|haven|country|countries|city|cities"
    r"|town|towns|state|village|street|region|island|hoofdstad|capital|adres|address)"
)
_PERSONS = (
    rf"(?:persoon|personen|person|man|vrouw|speler|speelster|zanger|zangeres|schrijver|politicus"
    rf"|diplomaat|wethouder|player|politician|scientist|diplomat|{ROLES})"
)
_BODIES = (
    r"(?:\w*(?:bedrijf|bedrijven|partij|partijen|organisatie|organisaties|instantie|krant|kranten"
    r"|club|clubs|bank|universiteit|stichting|bureau|dienst|vakbond|ministerie|ploeg|zender|keten"
    r"|fabrikant|omroep|instituut|ziekenhuis|maatschappij|vereniging)|company|companies|party"
    r"|parties|organi[sz]ation|agency|newspaper|magazine|team|university|firm|union|ministry"
    r"|hospital|broadcaster)"
)
_IN = (
    r"(?:(?:in|op|uit|van|naar|bij|met|aan|door|voor|sinds|vanaf|tot|om|on|at|from|to|by|of|with)"
    r"\s)?"
)
_WHICH = rf"{_IN}(?:welke?|which|what)\s(?:\w+e\s)?"


def _noun_asked(words: str) -> str:
    """Return a pattern for a noun of value, alone or after "wat is de"."""
    return (
        rf"(?:(?:wat|what) (?:is|was|zijn|waren|are|were|wordt) )?{_IT}(?:annual |total )?"
        rf"{any_of(words)}\b"
    )


_E = ExpectedAnswer
_ASKING = tuple(
    (expected, re.compile(pattern))
    for expected, pattern in (
        (
            _E.PERSON,
            rf"hoe he(?:et|ette|ten|etten) (?:de |het |die )?(?:\w+e )?{_PERSONS}\b"
            r"|(?:wat is )?(?:de |the )?(?:naam|namen|name) (?:van |of )?(?:de |het |the )?"
            rf"{_PERSONS}\b",
        ),
        (_E.AGE, rf"(?:hoe oud|how old)\b|{_noun_asked(AGE_NOUNS)}|what is .+'s age\b"),
        (
            _E.SHARE,
            rf"(?:{_IN}{_COUNT} procent|{_WHICH}percentage|what percentage|welk deel"
            rf"|hoe groot is het (?:deel|aandeel))\b|{_noun_asked(SHARE_NOUNS)}",
        ),
        (
            _E.DURATION,
            rf"(?:hoe ?lang(?!e)|how long|{_IN}(?:na |over |binnen )?{_COUNT} {UNITS_OF_TIME})\b"
            rf"|{_noun_asked(DURATION_NOUNS)}",
        ),
        (
            _E.MONEY,
            rf"(?:{_IN}{_COUNT} {_MONEY_UNITS}|hoe duur|how expensive|{_COSTING}"
            r"|how much (?:is|was|does|did|do|will)(?! .*weigh)"
            rf"|hoe (?:hoog|groot) (?:is|was|zijn|waren) {_IT}{_CHARGES})\b"
            rf"|{_noun_asked(MONEY_NOUNS)}",
        ),
        (
            _E.MEASURE,
            rf"(?:{_IN}{_COUNT} {UNITS}|hoe (?:groot|hoog|diep|ver|zwaar|warm|koud|snel|breed|dik"
            rf"|sterk)"
            r"|how (?:big|large|high|tall|deep|far|heavy|fast|wide|hot|cold|strong))\b"
            rf"|{_noun_asked(MEASURE_NOUNS)}",
        ),
        (
            _E.NUMBER,
            rf"(?:{_IN}(?:na |voor )?{_COUNT}|hoe vaak|how often|(?:voor )?de hoeveelste|hoeveelste"
            rf")\b|{_noun_asked(NUMBER_NOUNS)}",
        ),
        (
            _E.CLOCK,
            r"(?:om |vanaf |tot )?(?:hoe laat|what time|(?:om )?welk tijdstip|(?:om )?welk uur)\b"
            r"|tijdstip\b",
        ),
        (_E.WEEKDAY, rf"{_WHICH}(?:weekdag|dag van de week|day of the week|weekday)\b"),
        (_E.YEAR, rf"{_WHICH}(?:jaar|year|jaartal)\b"),
        (_E.MONTH, rf"(?:{_WHICH}|by which )(?:maand|maanden|month|months)\b"),
        (
            _E.TIME,
            rf"(?:sinds |vanaf |tot |since |until )?(?:wanneer|when)\b|{_WHICH}(?:dag|dagen|datum"
            rf"|data|eeuw|day|days|dates?|century|periode|period)\b|{_noun_asked(TIME_NOUNS)}",
        ),
        (
            _E.PERSON,
            r"(?:(?:met|aan|van|door|bij|voor|naar|tegen|over|op|onder|namens|with|to|by|from"
            r"|for) )?"
            rf"(?:wie|wiens|who|whom|whose)\b|{_WHICH}{_PERSONS}\b",
        ),
        (
            _E.PLACE,
            rf"(?:(?:van)?waar(?:heen|vandaan)?|where)\b|{_WHICH}{_PLACES}\b|wat is de hoofdstad\b"
            r"|what is the capital\b|(?:plaats|locatie|adres|location|address)\b",
        ),
        (_E.ORGANISATION, rf"{_WHICH}(?:\w+ )?{_BODIES}\b"),
    )
)
_WITHIN = re.compile(
    rf"\s({_COUNT}|wanneer|when|welke?|which|wie|who|hoe (?:oud|lang|laat|vaak|duur|hoog|groot))\b"
)
# Behind these, such a word begins a clause: "What did she say when the bridge opened?"
_ASKS_ITSELF = re.compile(r"(?:wat|waarom|hoe|what|why|how|did|does)\b")
_NAMING = re.compile(
    r"(?:hoe heet|hoe .*\b(?:genoemd|heten|geheten|noemt men)|hoe noem\w* .* zich|how (?:is|was"
    r"|are|were) .*\bcalled)"
)
_SAID_OPENLY = re.compile(rf"(?:{any_of(PLAIN_NOUNS)})\b")
_HEAD = re.compile(
    rf"{_IN}(?:na |voor |over |binnen )?(?:{_COUNT}|aantal|number of|how many)\s(?!van\b"
    rf"|of\b)(?P<head>.+)"
)
_HEAD_STOPS = re.compile(
    rf"\s(?:{VERBS_FIRST}|er|in|op|van|bij|uit|aan|met|voor|sinds|per|de|het|een|ze|hij|zij|volgens"
    r"|of|at|on|with|from|the|a|they|he|she|die|dat|mee|\w{3,}(?:de|te|den|ten)|live|lives"
    r"|took|take|came|want|wants|ging|kwam)\b"
)
_NOT_COUNTED = re.compile(rf"(?:{VERBS_FIRST}|er|ze|hij|het|de|kost\w*|the)\b")


def expectation(question: str) -> Expectation:
    """Return what a Dutch or English question expects, with the noun that it counts.

    >>> found = expectation("Hoeveel gewonden vielen er in Arnhem?")
    >>> found.answer.value, found.head.text
    ('number', 'gewonden')
    """
    wording = word_question(question)
    text, at = wording.text, 0
    expected = _expected_at(text, 0)
    asks_itself = _ASKS_ITSELF.match(text) or _NAMING.match(text)
    if expected is None and not asks_itself and (within := _WITHIN.search(text)):
        at = within.start(1)
        expected = _expected_at(text, at)
    if expected is None:
        named = _NAMING.match(text) or _SAID_OPENLY.match(text)
        return Expectation(ExpectedAnswer.ANYTHING, open=not named)
    head = _head(text, at)
    return Expectation(expected, wording.slice(*head) if head else None)


def expected_answer(question: str) -> ExpectedAnswer:
    """Return what a Dutch or English question expects, by its first words.

    >>> [expected_answer(each).value for each in ("Hoe oud is hij?", "In which year?", "Wie?")]
    ['age', 'year', 'person']
    >>> expected_answer("Welk wapen is dat?").value
    'anything'
    """
    return expectation(question).answer


def _expected_at(text: str, at: int) -> ExpectedAnswer | None:
    return next((expected for expected, words in _ASKING if words.match(text, at)), None)


def _head(text: str, at: int) -> tuple[int, int] | None:
    """Return the place of the counted noun, with the words before it that belong to it."""
    counted = _HEAD.match(text, at)
    if counted is None or _NOT_COUNTED.match(counted["head"]):
        return None
    start, end = counted.span("head")
    stop = _HEAD_STOPS.search(text, start, end)
    if stop:
        return start, stop.start()
    # In telegram style no word marks the end of the noun, so the first word counts as the noun.
    first = counted["head"].split()[0]
    return start, start + len(first)
