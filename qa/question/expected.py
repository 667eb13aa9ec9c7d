"""What a question expects for an answer (a number, a day, a name), and whether words are of it."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

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
    TIME = "time"
    NAME = "name"
    ANYTHING = "anything"


_ASKING = (
    (
        ExpectedAnswer.NUMBER,
        r"hoeveel|hoe (?:lang|laat|oud|groot|hoog|diep|ver|vaak|zwaar|warm|koud|snel|duur|breed)"
        r"|hoelang|hoeveelste|how (?:many|much|long|old|big|large|high|tall|deep|far|often|heavy)",
    ),
    (
        ExpectedAnswer.TIME,
        r"wanneer|sinds wanneer|when|(?:op|in|on)? ?(?:welke?|which|what) "
        r"(?:dag|dagen|datum|data|jaar|maand|eeuw|day|days|dates?|year|month|century)",
    ),
    (
        ExpectedAnswer.NAME,
        r"wie|met wie|aan wie|van wie|door wie|bij wie|who|whom|whose|waar|waarheen|where"
        r"|(?:in |uit |naar |from |in )?(?:welke?|which|what) (?:land|landen|stad|plaats|provincie"
        r"|country|countries|city|town|state|persoon|person)",
    ),
)
_EXPECTING = tuple(
    (expected, re.compile(rf"\W*(?:{words})\b", re.IGNORECASE)) for expected, words in _ASKING
)


def expected_answer(question: str) -> ExpectedAnswer:
    """Return what a Dutch or English question expects, by the words it begins with.

    >>> [expected_answer(each).value for each in ("Hoe oud is hij?", "In which year?", "Wie?")]
    ['number', 'time', 'name']
    >>> expected_answer("Welk wapen is dat?").value
    'anything'
    """
    for expected, words in _EXPECTING:
        if words.match(question):
            return expected
    return ExpectedAnswer.ANYTHING


def fitness(expected: ExpectedAnswer, answer: str) -> float:
    """Return 1 where an answer is of the sort expected, -1 where it is not, 0 for any sort.

    >>> fitness(ExpectedAnswer.NUMBER, "zo'n 1.912"), fitness(ExpectedAnswer.NUMBER, "Poetin")
    (1.0, -1.0)
    >>> fitness(ExpectedAnswer.TIME, "vorige week"), fitness(ExpectedAnswer.NAME, "de minister")
    (1.0, -1.0)
    """
    if expected is ExpectedAnswer.ANYTHING:
        return 0.0
    if expected is ExpectedAnswer.NAME:
        is_of_it = bool(_NAME.search(answer))
    elif expected is ExpectedAnswer.NUMBER:
        is_of_it = bool(_DIGIT.search(answer) or _NUMBER_WORD.search(answer))
    else:
        is_of_it = _tells_time(answer)
    return 1.0 if is_of_it else -1.0


def _tells_time(answer: str) -> bool:
    from qa.dates.expressions import find_dates

    if _DIGIT.search(answer):
        return True
    # The day itself does not matter, only that there is one.
    today = date(2000, 6, 15)
    return any(find_dates(answer, today=today, language=language) for language in ("nl", "en"))
