"""Decides whether a question asks what a name stands for, and returns the name."""

from __future__ import annotations

import re

from qa.question.form.phrases import is_role
from qa.question.form.wording import Slice, Wording
from qa.question.form.words import SIDES, words_of

_SOFT = r"(?: (?:eigenlijk|precies|nou|nu|toch|exactly|actually|ook alweer|again))*"
_PERSON = (
    rf"(?:wie|who)(?:'s| is| was| zijn| waren| are| were) (?:(?:die|deze|this|that|toch"
    rf"|ook weer) )*(?P<name>.+?){_SOFT}",
    r"wie (?P<name>.+?) (?:is|was|zijn)(?: ook alweer)?",
)
_THING = (
    rf"(?:wat|what)(?: is|'s| zijn| was| are) (?:dat |die |eigenlijk )?(?P<name>.+?){_SOFT}",
    r"wat (?P<name>.+?) is(?: ook alweer)?",
)
_SORTS = (
    r"(?:iemand|iets|man|vrouw|mens|figuur|persoon|club|groep|groepering|beweging|bedrijf"
    r"|organisatie"
    r"|instelling|partij|ding|land|stad|dorp|plek|wapen|middel|stof|ziekte|wet|regeling|systeem"
    r"|programma|krant|schip)"
)
_MEANING = tuple(
    re.compile(pattern)
    for pattern in (
        r"wat (?:is|zijn) (?P<name>(?!volgens )\S+(?: \S+){0,2})"
        rf" voor (?:een )?(?:\S+e )?{_SORTS}",
        r"(?:wat voor|what (?:kind|sort|type) of) (?:\S+ )?(?:is|zijn|are) (?P<name>.+)",
        r"wat (?:betekent|betekende|betekenen) (?:(?:de|het) (?:afkorting|term|woord|begrip) )?"
        r"(?P<name>\S+(?: \S+){0,2})",
        r"(?:wat|what) (?:bedoelt men|bedoelen ze|wordt bedoeld|wordt er bedoeld|is meant) (?:met"
        r"|by)"
        r" (?P<name>.+)",
        r"wat is (?:dat|die) voor (?:iemand|iets|een \S+)(?:,? (?P<name>.+))?",
        r"wat houdt (?P<name>.+?) (?:precies )?in",
        r"waar staat (?:(?:de|het) (?:afkorting|letters|naam) )?(?P<name>\S+(?: \S+)?) voor",
        r"what does (?P<name>.+?) (?:mean|stand for)",
        r"wat (?:doet|doen) (?P<name>(?:de|het) \S+)",
    )
)
_PERSONS = tuple(map(re.compile, _PERSON))
_THINGS = tuple(map(re.compile, _THING))
_DETERMINED = re.compile(r"(?:de|het|een|the|an?|die|dat) ")
_RELATED = re.compile(
    r"\s(?:van|of|in|op|uit|bij|voor|namens|tegen|met|at|for|from|who|that|die|dat|dit|door|volgens"
    r"|over|tot|to|wie)\s|'s? [a-zà-þ]"
)
_PARTICLE = re.compile(r"\s(?:van|von|de|ten|ter|der|den|bin|al)(?:\s(?:de|der|den|het|'t))*\s")
_STATE = re.compile(
    r"(?:er|het|hij|zij|ze|this|that|it|he|she|ik|jij|hier|daar|there|nu|now|al|de|het"
    r"|ge\w+(?:d|t|en)|(?:be|ver|ont|her|aan\w*ge|op\w*ge|uit\w*ge|om\w*ge)\w+(?:d|t|en)"
    r"|verantwoordelijk|dood|schuldig|bevoegd|jarig|ziek|boos|bang|tegen|voor|responsible|guilty"
    r"|dead|against|\w+ed(?= (?:for|in|by|with|at|on)\b|$)|waar|mis|nieuw|anders|beter|the|going"
    r"|wrong|true)\b"
)
_LONGEST_PLAIN = 4


def asks_what_it_is(wording: Wording) -> Slice | None:
    """Return the name whose description a question asks for; `None` if it asks for none.

    A question with a name asks for a description. A question with a role ("de burgemeester van X")
    asks for a name.
    """
    text = wording.text
    for pattern in _MEANING:
        if matched := pattern.fullmatch(text):
            return wording.slice(*matched.span("name")) if matched["name"] else wording.slice(0, 0)
    for pattern in (*_PERSONS, *_THINGS):
        if matched := pattern.fullmatch(text):
            name = wording.slice(*matched.span("name"))
            is_name = _is_person if pattern in _PERSONS else _is_thing
            if is_name(name.text, wording):
                return name
    return None


def _is_person(name: str, wording: Wording) -> bool:
    lowered = name.lower()
    plural = wording.text.startswith(("wie zijn", "wie waren", "who are", "who were"))
    is_group = plural and _is_capital(name.rsplit(maxsplit=1)[-1])
    if (_DETERMINED.match(lowered) or plural) and not is_group:
        return False
    if _STATE.match(lowered) and not plural:
        return False
    if is_role(lowered) or _RELATED.search(_PARTICLE.sub(" ", lowered)):
        return False
    if re.match(r"\S+ (?:van|of|in)\s", lowered) and is_role(lowered.split()[0]):
        return False
    if wording.has_case:
        return _is_capital(name.rsplit(maxsplit=1)[-1])
    return len(name.split()) <= _LONGEST_PLAIN


def _is_thing(name: str, wording: Wording) -> bool:
    lowered = name.lower()
    bare = _DETERMINED.sub("", lowered)
    if re.match(rf"(?:\w*{SIDES})\b", bare) or _STATE.match(bare) or is_role(lowered):
        return False
    words = [word for word in name.split() if word.lower() not in _SMALL]
    if words and wording.has_case and all(map(_is_capital, words)):
        return True
    if _RELATED.search(f" {lowered}") or re.match(
        r"(?:zijn|haar|hun|mijn|his|her|their|its|onze) ", lowered
    ):
        return False
    if re.match(r"(?:een|an?) ", lowered):
        return True
    if _DETERMINED.match(lowered):
        return not wording.has_case and len(bare.split()) == 1
    return len(bare.split()) < _LONGEST_PLAIN


_SMALL = words_of("de het een the a an of for van voor and en die dat")


def _is_capital(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or any(map(str.isupper, word))
