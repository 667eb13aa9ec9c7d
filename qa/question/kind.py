"""What kind of answer a question asks for: a phrase, several, or a whole sentence."""

from __future__ import annotations

import re
from enum import StrEnum


class QuestionKind(StrEnum):
    """The shape of the answer that a question asks for."""

    FACT = "fact"  # a name, a number, a place, a date, a phrase
    LIST = "list"  # several of these
    STATEMENT = "statement"  # yes or no, why, how, what somebody said: a sentence


# "Hoe lang", "how many" and the like ask for a phrase.
_MEASURED = (
    r"(?:veel|lang|laat|oud|groot|hoog|diep|ver|vaak|zwaar|warm|koud|snel|duur|breed|heet|heten"
    r"|many|much|long|late|old|big|large|high|tall|deep|far|often|heavy|fast|wide)"
)
_VERB_FIRST = re.compile(
    r"(?:is|zijn|was|waren|wordt|worden|werd|werden|heeft|hebben|had|hadden|kan|kunnen|kon|konden"
    r"|wil|willen|wilde|wilden|moet|moeten|moest|moesten|mag|mogen|mocht|zal|zullen|zou|zouden"
    r"|gaat|gaan|ging|gingen|komt|komen|kwam|kwamen|doet|doen|deed|deden|klopt|gelooft|vindt"
    r"|denkt|zegt|staat|staan|blijft|krijgt|kreeg|geeft|gaf"
    r"|are|were|does|do|did|has|have|can|could|will|would|should|must|may|might)\s",
    re.IGNORECASE,
)
_EXPLAINING = re.compile(
    rf"(?:waarom|hoezo|waardoor|why|hoe(?!\s?{_MEASURED}\b)|how(?!\s{_MEASURED}\b)"
    r"|(?:wat|what)\s(?:zei|zeiden|zegt|zeggen|vindt|vinden|vond|denkt|denken|dacht|stelt|stelde"
    r"|antwoordde|gebeurde|gebeurt|happened))\b",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"(?:wat|what)\s.*\b(?:gezegd|verklaard|gesteld|say|said|think|stated|claim(?:ed)?)\b",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"(?:noem|geef|name|list)\s"
    r"|(?:(?:in|uit|met|door|aan|voor|van|op|naar|bij|tegen|from|in|with|by|to)\s)?"
    r"(?:welke|which)\s(?:twee|drie|vier|vijf|two|three|four|five|\w+en|\w+s)\s"
    r"|(?:wie|who)\s(?:zijn|waren|are|were)\s",
    re.IGNORECASE,
)


def kind_of(question: str) -> QuestionKind:
    """Return what a Dutch or English question asks for.

    >>> [kind_of(q).value for q in ("Wie is dat?", "Hoeveel tanks?", "Hoe lang duurde het?")]
    ['fact', 'fact', 'fact']
    >>> [kind_of(q).value for q in ("Welke landen tekenden?", "Which two dates are named?")]
    ['list', 'list']
    >>> [kind_of(q).value for q in ("Waarom ging hij?", "Is het waar?", "What did he say?")]
    ['statement', 'statement', 'statement']
    """
    asked = question.strip(" \t\n\"'“”„¿")
    if _EXPLAINING.match(asked) or _SAYING.match(asked) or _VERB_FIRST.match(asked):
        return QuestionKind.STATEMENT
    return QuestionKind.LIST if _LISTING.match(asked) else QuestionKind.FACT
