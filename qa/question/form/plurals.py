"""Decides whether a question asks for several things."""

from __future__ import annotations

import re

from qa.question.form.words import words_of

_ASKED = re.compile(
    r"(?:(?:in|uit|met|door|aan|voor|van|op|naar|bij|tegen|over|tussen|from|in|with|by|to|for|on"
    r"|at|of|against)\s)?(?P<word>welke|which|what)\s(?P<rest>.+)"
)
_NUMBERED = re.compile(
    r"(?:twee|drie|vier|vijf|zes|two|three|four|five|six|andere|other|soorten)\s"
)
_AMONG = re.compile(r"(?:of the|van (?:de|deze|die))\s\w+(?:s|en)\b")
_LISTING = re.compile(
    r"(?:noem|som|opsommen|lijst|list|name|enumerate)\s|.+\sopsommen$"
    r"|(?:geef|give)\s(?:(?:me|mij|ons|us)\s)?(?:(?:een|a)\s(?:lijst|list)|(?:de|alle|the|all)\s"
    r"(?:namen|names)|(?:twee|drie|vier|vijf|two|three|four|five|enkele|some|alle|all)\s)"
    r"|(?:een|a|alle|all)\s(?:lijst|lijstje|list)\s"
    r"|(?:wie|who)\s(?:zijn|waren|are|were|\w{2,}en)\s(?!ze|they)"
    r"|(?:wie|who)\s(?:zijn|waren|are|were)$"
    r"|(?:wat|what)\s(?:zijn|waren|are|were)\s(?:de|het|the|its|their|zijn|hun)\s"
)
_PLURAL_DUTCH = re.compile(
    r"(?:\w{2,}en|\w+(?:er|el|em|en|aar|ie|je|ing|or|eur|ier|ou|é|ap|op|ag|on|age|um|am)s|\w+'s"
    r"|data|landen|media|\w+(?:ea|ia))"
)
_SINGULAR_DUTCH = words_of(
    "wapen teken keten haven jongen regen deken oven kussen leven examen toren orden gegeven"
    " vermogen molen degen bodem reden wagen tuin varken garen toen"
)
_VERB_DUTCH = re.compile(
    r"(?:moeten|werden|worden|waren|zijn|hebben|hadden|kunnen|zouden|zullen|willen|mogen|gaan"
    r"|kregen|kwamen|deden)"
)
_PLURAL_ENGLISH = re.compile(r"(?:\w{2,}(?<![sui])s|people|men|women|children|\w+'s)")
_SINGULAR_ENGLISH = words_of(
    "news series means was is has does always business crisis basis analysis"
)
_VERB_ENGLISH = words_of(
    "did do does is was are were has have had can could will would should must may"
)
_MOST_BEFORE_NOUN = 3


def asks_for_several(text: str) -> bool:
    """Tell whether a question, in lower case and without its opening, asks for several things.

    >>> asks_for_several("in welke landen staan kernwapens"), asks_for_several("welke toren is dat")
    (True, False)
    """
    if _LISTING.match(text):
        return True
    asked = _ASKED.match(text)
    if asked is None:
        return False
    if _NUMBERED.match(asked["rest"]) or _AMONG.match(asked["rest"]):
        return True
    words = asked["rest"].split()
    return _is_dutch_plural(words) if asked["word"] == "welke" else _is_english_plural(words)


def _is_dutch_plural(words: list[str]) -> bool:
    """Tell whether the noun is plural: the first word, or a later word after adjectives in "-e".

    A loan word in "-s" is plural if the verb after it is plural ("welke bands traden op").
    """
    for word, follows in zip(words[:_MOST_BEFORE_NOUN], [*words[1:], ""], strict=False):
        if _VERB_DUTCH.fullmatch(word):
            return False
        if _PLURAL_DUTCH.fullmatch(word):
            return word not in _SINGULAR_DUTCH
        if not word.endswith("e"):
            return word.endswith("s") and follows.endswith("en")
    return False


def _is_english_plural(words: list[str]) -> bool:
    """Tell whether the word before the first auxiliary, or else the first word, is plural."""
    until = next((place for place, word in enumerate(words[:5]) if word in _VERB_ENGLISH), None)
    if until == 0:
        return False
    noun = words[until - 1] if until else words[0]
    return bool(_PLURAL_ENGLISH.fullmatch(noun)) and noun not in _SINGULAR_ENGLISH
