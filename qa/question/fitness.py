"""The sorts of answers, and a test whether words are of a sort."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum


class ExpectedAnswer(StrEnum):
    """The sort of words that can answer a question."""

    NUMBER = "number"
    SHARE = "share"  # a percentage, a part of a whole
    AGE = "age"
    DURATION = "duration"
    MONEY = "money"
    MEASURE = "measure"  # a length, weight, speed and so on
    TIME = "time"  # a day, or other words that say when
    YEAR = "year"
    MONTH = "month"
    WEEKDAY = "weekday"
    CLOCK = "clock"  # a time of the day
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    ANYTHING = "anything"


UNITS_OF_TIME = (
    r"(?:seconden|minuten|uur|uren|dagen|weken|maanden|jaar|jaren|eeuwen|seconds|minutes|hours"
    r"|days|weeks|months|years|tijd|time)"
)
UNITS = (
    r"(?:(?:kilo|centi|milli|vierkante |kubieke |square |cubic )?(?:meters?|metres?)|km|kilo(?:'s"
    r"|gram)?|gram|ton|tons|tonnen|tonnes|liters?|litres?|hectaren?|hectares|graden|degrees|knopen"
    r"|mijl|miles|feet|megawatt|kilowatt(?:uur)?|kiloton|vierkante kilometer|acres)"
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


_UNIT_SAID = re.compile(
    rf"\b(?:{UNITS}|{UNITS_OF_TIME}|\w*meters?|cm|mm|kg|km/u|mph|°)", re.IGNORECASE
)
_TIME_SAID = re.compile(
    r"(?:\b|(?<=\d))(?:\w*seconden?|\w*minu(?:ut|ten)|\w*u(?:ur|ren)|\w*dag(?:en)?|\w*we(?:ek"
    r"|ken)|\w*ma(?:and|anden)"
    r"|\w*ja(?:ar|ren)|eeuw(?:en)?|levenslang|kwartier|seconds?|minutes?|hours?|days?|weeks?"
    r"|months?"
    r"|years?|dagenlang|wekenlang|jarenlang|maandenlang|urenlang|decades?|decennia)\b",
    re.IGNORECASE,
)
_LENGTH_SAID = re.compile(
    r"\b(?:\w*met(?:er|re)s?|km|cm|mm|mijl|miles?|feet|foot|voet|inch(?:es)?)\b", re.IGNORECASE
)
_AGE_SAID = re.compile(
    r"^\D*\d{1,3}(?![\d.,:]*\d)(?!\s*(?:uur|dagen|procent|%|euro|km|meter))", re.IGNORECASE
)
_MONEY_SAID = re.compile(
    r"[€$£]|\b(?:euro|dollar|pond|pound|cent|roebel|yen|gratis|free|miljoen|miljard|million"
    r"|billion|ton)",
    re.IGNORECASE,
)
_FREE_SAID = re.compile(r"\b(?:gratis|free)\b", re.IGNORECASE)
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
    r"\b\d{1,2}[.:]\d\d\b|\b(?:uur|half|kwart|middernacht|o'clock|noon|midnight|[ap]\.?m)\b"
    r"|\d[ap]m\b"
    r"|\d\s?u\b|ochtend|middag|avond|morning|evening",
    re.IGNORECASE,
)
_PLACE_SAID = re.compile(
    r"^(?:in|op|bij|aan|langs|naast|onder|boven|achter|voor|tussen|nabij|near|at|on|outside"
    r"|inside)\s",
    re.IGNORECASE,
)


def _says_number(answer: str) -> bool:
    return bool(_DIGIT.search(answer) or _NUMBER_WORD.search(answer))


def _says_age(answer: str) -> bool:
    return bool((_AGE_SAID if _DIGIT.search(answer) else _NUMBER_WORD).search(answer))


def _says_amount(unit: re.Pattern[str], answer: str) -> bool:
    bare = re.fullmatch(r"\W*\d[\d.,]*\W*", answer) or _NUMBER_WORD.fullmatch(answer.strip())
    return bool(unit.search(answer)) or bool(bare)


def _tells_time(answer: str) -> bool:
    """Tell whether words name a time; a bare number below 1000 does not."""
    from qa.dates.expressions import find_dates

    if _YEAR_SAID.search(answer) or _MONTH_SAID.search(answer) or _WEEKDAY_SAID.search(answer):
        return True
    if _CLOCK_SAID.search(answer) or re.search(r"\d[-/]\d", answer):
        return True
    # Which day the words name does not matter, only that they name one.
    today = date(2000, 6, 15)
    return any(find_dates(answer, today=today, language=language) for language in ("nl", "en"))


_FITS: dict[ExpectedAnswer, Callable[[str], bool]] = {
    ExpectedAnswer.NUMBER: _says_number,
    ExpectedAnswer.SHARE: lambda answer: (
        _says_amount(_SHARE_SAID, answer) or (_says_number(answer) and "op de" in answer)
    ),
    ExpectedAnswer.AGE: _says_age,
    # "Hoe lang" and "how long" ask for a length, too.
    ExpectedAnswer.DURATION: lambda answer: (
        _says_amount(_TIME_SAID, answer) or bool(_LENGTH_SAID.search(answer))
    ),
    ExpectedAnswer.MONEY: lambda answer: (
        _says_amount(_MONEY_SAID, answer)
        and (_says_number(answer) or bool(_FREE_SAID.search(answer)))
    ),
    ExpectedAnswer.MEASURE: _says_number,
    ExpectedAnswer.TIME: _tells_time,
    ExpectedAnswer.YEAR: lambda answer: bool(_YEAR_SAID.search(answer)),
    ExpectedAnswer.MONTH: lambda answer: bool(_MONTH_SAID.search(answer)) or _tells_time(answer),
    ExpectedAnswer.WEEKDAY: lambda answer: (
        bool(_WEEKDAY_SAID.search(answer)) or _tells_time(answer)
    ),
    ExpectedAnswer.CLOCK: lambda answer: (
        bool(_CLOCK_SAID.search(answer)) or bool(re.fullmatch(r"\W*\d{1,2}\W*", answer))
    ),
    ExpectedAnswer.PERSON: lambda answer: bool(_NAME.search(answer)),
    ExpectedAnswer.PLACE: lambda answer: bool(_NAME.search(answer) or _PLACE_SAID.search(answer)),
    ExpectedAnswer.ORGANISATION: lambda answer: bool(_NAME.search(answer)),
}


def fitness(expected: ExpectedAnswer, answer: str) -> float:
    """Return 1 if an answer is of the expected sort, -1 if it is not, and 0 if any sort will do.

    >>> fitness(ExpectedAnswer.NUMBER, "zo'n 1.912"), fitness(ExpectedAnswer.NUMBER, "Poetin")
    (1.0, -1.0)
    >>> fitness(ExpectedAnswer.DURATION, "2 weken"), fitness(ExpectedAnswer.DURATION, "1 meter 90")
    (1.0, 1.0)
    >>> fitness(ExpectedAnswer.MONEY, "240 euro"), fitness(ExpectedAnswer.MONEY, "in euro's")
    (1.0, -1.0)
    >>> fitness(ExpectedAnswer.TIME, "vorige week"), fitness(ExpectedAnswer.TIME, "12 tanks")
    (1.0, -1.0)
    >>> fitness(ExpectedAnswer.AGE, "43-jarige"), fitness(ExpectedAnswer.AGE, "1.912")
    (1.0, -1.0)
    """
    if expected is ExpectedAnswer.ANYTHING:
        return 0.0
    return 1.0 if _FITS[expected](answer) else -1.0
