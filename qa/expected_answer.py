"""What a question expects for an answer (a number, a day, a name), and whether words are of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa.question_wording import Slice, word_question
from qa.question_words import (
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
)

_NUMBER_WORD = re.compile(
    r"\b(?:nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\w*tien|\w*tig"
    r"|\w*honderd|\w*duizend|miljoen\w*|miljard\w*|half|halve|tientallen|honderden|duizenden|geen"
    r"|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty"
    r"|hundreds?|thousands?|millions?|billions?|dozens?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-ZÀ-Þ]\w")
_DIGIT = re.compile(r"\d")


class ExpectedAnswer(StrEnum):
    """The sort of words that can answer."""

    NUMBER = "number"
    SHARE = "share"  # a percentage, a part of a whole
    AGE = "age"
    DURATION = "duration"
    MONEY = "money"
    MEASURE = "measure"  # a length, weight, speed and so on
    TIME = "time"  # a day or whatever says when
    YEAR = "year"
    MONTH = "month"
    WEEKDAY = "weekday"
    CLOCK = "clock"  # a time of the day
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Expectation:
    """The sort of answer expected, and for counts what is counted ("gewonden").

    `open` tells that no words of the question name a sort, so that "hoe" asks for a manner.
    """

    answer: ExpectedAnswer
    head: Slice | None = None
    open: bool = False


_UNITS_OF_TIME = (
    r"(?:seconden|minuten|uur|uren|dagen|weken|maanden|jaar|jaren|eeuwen|seconds|minutes|hours"
    r"|days|weeks|months|years|tijd|time)"
)
_UNITS = (
    r"(?:(?:kilo|centi|milli|vierkante |kubieke |square |cubic )?(?:meters?|metres?)|km|kilo(?:'s"
    r"|gram)?|gram|ton|tons|tonnen|tonnes|liters?|litres?|hectaren?|hectares|graden|degrees|knopen"
    r"|mijl|miles|feet|megawatt|kilowatt(?:uur)?|kiloton|vierkante kilometer|acres)"
)
_MONEY_UNITS = r"(?:euro(?:'s|s)?|dollars?|pond|pounds|geld|money|roebel|subsidie|budget|belasting)"
_IT = r"(?:(?:de|het|een|the|an?|zijn|haar|hun|(?!hoe)\w+e) )*"
_COUNT = r"(?:hoeveel|hoe veel|how many|how much)"
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
_IN = r"(?:(?:in|op|uit|van|naar|bij|met|aan|door|voor|sinds|vanaf|tot|om|on|at|from|to|by|of|with)\s)?"
_WHICH = rf"{_IN}(?:welke?|which|what)\s(?:\w+e\s)?"


def _nouns(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


def _noun_asked(words: str) -> str:
    """Return a pattern for a noun of value, bare or asked for with "wat is de"."""
    return (
        rf"(?:(?:wat|what) (?:is|was|zijn|waren|are|were|wordt) )?{_IT}(?:annual |total )?"
        rf"{_nouns(words)}\b"
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
            rf"(?:hoe ?lang(?!e)|how long|{_IN}(?:na |over |binnen )?{_COUNT} {_UNITS_OF_TIME})\b"
            rf"|{_noun_asked(DURATION_NOUNS)}",
        ),
        (
            _E.MONEY,
            rf"(?:{_IN}{_COUNT} {_MONEY_UNITS}|hoe duur|how expensive|{_COUNT} .*(?:kost(?:te|ten|en)?|betaald"
            r"|betaalt|verdient|verdiende|cost|costs|paid|earn)|(?:wat|what) (?:kost(?:te|en)?|verdient"
            r"|verdiende|betaal(?:t|de|den)|(?:moet|moest|moeten|moesten) .*betalen|(?:does|do|did|will|would) .+ (?:cost|earn))|hoe (?:hoog|groot) (?:is|was|zijn"
            rf"|waren) {_IT}(?:\w*(?:boete|prijs|schuld|schade|rekening|subsidie|kosten|huur|salaris"
            rf"|lening|begroting|premie|belasting))|how much (?:is|was|does|did|do|will)(?! .*weigh))\b|{_noun_asked(MONEY_NOUNS)}",
        ),
        (
            _E.MEASURE,
            rf"(?:{_IN}{_COUNT} {_UNITS}|hoe (?:groot|hoog|diep|ver|zwaar|warm|koud|snel|breed|dik|sterk)"
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
            r"(?:om |vanaf |tot )?(?:hoe laat|what time|(?:om )?welk tijdstip|(?:om )?welk uur)\b|tijdstip\b",
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
            r"(?:(?:met|aan|van|door|bij|voor|naar|tegen|over|op|onder|namens|with|to|by|from|for) )?"
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
_NAMING = re.compile(
    r"(?:hoe heet|hoe .*\b(?:genoemd|heten|geheten|noemt men)|hoe noem\w* .* zich|how (?:is|was|are|were) .*\bcalled)"
)
_SAID_OPENLY = re.compile(rf"(?:{_nouns(PLAIN_NOUNS)})\b")
_HEAD = re.compile(
    rf"{_IN}(?:na |voor |over |binnen )?(?:{_COUNT}|aantal|number of|how many)\s(?!van\b|of\b)(?P<head>.+)"
)
_HEAD_STOPS = re.compile(
    rf"\s(?:{VERBS_FIRST}|er|in|op|van|bij|uit|aan|met|voor|sinds|per|de|het|een|ze|hij|zij|volgens"
    r"|of|at|on|with|from|the|a|they|he|she|die|dat|mee|\w{3,}(?:de|te|den|ten)|live|lives"
    r"|took|take|came|want|wants|ging|kwam)\b"
)
_NOT_COUNTED = re.compile(rf"(?:{VERBS_FIRST}|er|ze|hij|het|de|kost\w*|the)\b")


def expectation(question: str) -> Expectation:
    """Return what a Dutch or English question expects, with what it counts.

    >>> found = expectation("Hoeveel gewonden vielen er in Arnhem?")
    >>> found.answer.value, found.head.text
    ('number', 'gewonden')
    """
    wording = word_question(question)
    text, at = wording.text, 0
    expected = _expected_at(text, 0)
    if expected is None and not _NAMING.match(text) and (within := _WITHIN.search(text)):
        at = within.start(1)
        expected = _expected_at(text, at)
    if expected is None:
        named = _NAMING.match(text) or _SAID_OPENLY.match(text)
        return Expectation(ExpectedAnswer.ANYTHING, open=not named)
    head = _head(text, at)
    return Expectation(expected, wording.slice(*head) if head else None)


def expected_answer(question: str) -> ExpectedAnswer:
    """Return what a Dutch or English question expects, by the words it begins with.

    >>> [expected_answer(each).value for each in ("Hoe oud is hij?", "In which year?", "Wie?")]
    ['age', 'year', 'person']
    >>> expected_answer("Welk wapen is dat?").value
    'anything'
    """
    return expectation(question).answer


def _expected_at(text: str, at: int) -> ExpectedAnswer | None:
    return next((expected for expected, words in _ASKING if words.match(text, at)), None)


def _head(text: str, at: int) -> tuple[int, int] | None:
    """Return where the counted noun stands, with the words before it that belong to it."""
    counted = _HEAD.match(text, at)
    if counted is None or _NOT_COUNTED.match(counted["head"]):
        return None
    start, end = counted.span("head")
    stop = _HEAD_STOPS.search(text, start, end)
    if stop:
        return start, stop.start()
    # In telegram style nothing says where the noun ends: the first word is taken.
    first = counted["head"].split()[0]
    return start, start + len(first)


_UNIT_SAID = re.compile(
    rf"\b(?:{_UNITS}|{_UNITS_OF_TIME}|\w*meters?|cm|mm|kg|km/u|mph|°)", re.IGNORECASE
)
_TIME_SAID = re.compile(
    r"(?:\b|(?<=\d))(?:\w*seconden?|\w*minu(?:ut|ten)|\w*u(?:ur|ren)|\w*dag(?:en)?|\w*we(?:ek|ken)|\w*ma(?:and|anden)"
    r"|\w*ja(?:ar|ren)|eeuw(?:en)?|levenslang|kwartier|seconds?|minutes?|hours?|days?|weeks?|months?"
    r"|years?|dagenlang|wekenlang|jarenlang|maandenlang|urenlang|decades?|decennia)\b",
    re.IGNORECASE,
)
_AGE_SAID = re.compile(
    r"^\D*\d{1,3}(?![\d.,:]*\d)(?!\s*(?:uur|dagen|procent|%|euro|km|meter))", re.IGNORECASE
)
_MONEY_SAID = re.compile(
    r"[€$£]|\b(?:euro|dollar|pond|pound|cent|roebel|yen|gratis|free|miljoen|miljard|million|billion|ton)",
    re.IGNORECASE,
)
_SHARE_SAID = re.compile(
    r"\d\s?%|procent|per\s?cent|percentage|\b(?:helft|derde|kwart|half|third|quarter|kwartje)\b",
    re.IGNORECASE,
)
_YEAR_SAID = re.compile(r"\b(?:1[0-9]|20)\d\d\b|'\d\d\b|\bjaar\b|\byear\b", re.IGNORECASE)
_MONTH_SAID = re.compile(
    r"\b(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october|maand|month)\b",
    re.IGNORECASE,
)
_WEEKDAY_SAID = re.compile(
    r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|\b(?:vandaag|gisteren|morgen|today|yesterday|tomorrow)\b",
    re.IGNORECASE,
)
_CLOCK_SAID = re.compile(
    r"\b\d{1,2}[.:]\d\d\b|\b(?:uur|half|kwart|middernacht|o'clock|noon|midnight|[ap]\.?m)\b|\d[ap]m\b"
    r"|\d\s?u\b|ochtend|middag|avond|morning|evening",
    re.IGNORECASE,
)
_PLACE_SAID = re.compile(
    r"^(?:in|op|bij|aan|langs|naast|onder|boven|achter|voor|tussen|nabij|near|at|on|outside|inside)\s",
    re.IGNORECASE,
)


def _says_number(answer: str) -> bool:
    return bool(_DIGIT.search(answer) or _NUMBER_WORD.search(answer))


def _says_amount(unit: re.Pattern[str], answer: str) -> bool:
    return bool(unit.search(answer)) or bool(re.fullmatch(r"\W*\d[\d.,]*\W*", answer))


def _tells_time(answer: str) -> bool:
    """Tell whether words say when; a bare number below 1000 does not."""
    from qa.dates import find_dates

    if _YEAR_SAID.search(answer) or _MONTH_SAID.search(answer) or _WEEKDAY_SAID.search(answer):
        return True
    if _CLOCK_SAID.search(answer) or re.search(r"\d[-/]\d", answer):
        return True
    # The day itself does not matter, only that there is one.
    today = date(2000, 6, 15)
    return any(find_dates(answer, today=today, language=language) for language in ("nl", "en"))


_FITS = {
    _E.NUMBER: _says_number,
    _E.SHARE: lambda answer: (
        _says_amount(_SHARE_SAID, answer) or _says_number(answer) and "op de" in answer
    ),
    _E.AGE: lambda answer: bool(_AGE_SAID.search(answer) or _NUMBER_WORD.search(answer)),
    _E.DURATION: lambda answer: _says_amount(_TIME_SAID, answer),
    _E.MONEY: lambda answer: _says_amount(_MONEY_SAID, answer),
    _E.MEASURE: _says_number,
    _E.TIME: _tells_time,
    _E.YEAR: lambda answer: bool(_YEAR_SAID.search(answer)),
    _E.MONTH: lambda answer: bool(_MONTH_SAID.search(answer)) or _tells_time(answer),
    _E.WEEKDAY: lambda answer: bool(_WEEKDAY_SAID.search(answer)) or _tells_time(answer),
    _E.CLOCK: lambda answer: (
        bool(_CLOCK_SAID.search(answer)) or bool(re.fullmatch(r"\W*\d{1,2}\W*", answer))
    ),
    _E.PERSON: lambda answer: bool(_NAME.search(answer)),
    _E.PLACE: lambda answer: bool(_NAME.search(answer) or _PLACE_SAID.search(answer)),
    _E.ORGANISATION: lambda answer: bool(_NAME.search(answer)),
}


def fitness(expected: ExpectedAnswer, answer: str) -> float:
    """Return 1 where an answer is of the sort expected, -1 where it is not, 0 for any sort.

    >>> fitness(ExpectedAnswer.NUMBER, "zo'n 1.912"), fitness(ExpectedAnswer.NUMBER, "Poetin")
    (1.0, -1.0)
    >>> fitness(ExpectedAnswer.TIME, "vorige week"), fitness(ExpectedAnswer.TIME, "12 tanks")
    (1.0, -1.0)
    >>> fitness(ExpectedAnswer.AGE, "43-jarige"), fitness(ExpectedAnswer.AGE, "1.912")
    (1.0, -1.0)
    """
    if expected is ExpectedAnswer.ANYTHING:
        return 0.0
    return 1.0 if _FITS[expected](answer) else -1.0
