"""Holds the person that answers against the office, or the succession, that a question asks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.question.form.words import ROLES
from qa.text.attribution.succession import find_successions
from qa.text.names import CAPITAL, PERSON, NameWord, words_of

_OF = (
    rf"(?:van|of|in|uit)\s(?:(?:de|het|the)\s)?(?:gemeente\s)?"
    rf"(?P<of>{CAPITAL}(?:\s{CAPITAL}){{0,3}})"
)
_ROLE = rf"(?P<role>(?i:{ROLES}))"
_NAME = rf"(?P<name>{PERSON})"
_NAME_WITHOUT_VAN = rf"(?P<name>{CAPITAL}(?:\s{CAPITAL}){{1,2}})"  # not "Jan van Aalsum"
_DESCRIBED = r"(?:(?:de|een|the|an?)\s)?(?:[a-zà-ÿ][\w-]*\s){0,2}"
_OFFICE = re.compile(rf"\b{_ROLE}\s{_OF}")
_HOLDERS = tuple(
    re.compile(rf"\b{form}")
    for form in (
        rf"{_ROLE}\s{_OF},\s{_NAME}",
        rf"{_ROLE}\s{_NAME_WITHOUT_VAN}\s{_OF}",
        rf"{_NAME},\s{_DESCRIBED}{_ROLE}\s{_OF}",
        rf"{_NAME}\s(?:is|was|wordt|werd|becomes|became)\s{_DESCRIBED}{_ROLE}\s{_OF}",
    )
)


def is_in_another_office(question: str, sentence: str, place: tuple[int, int]) -> bool:
    """Tell whether a sentence says that an answer has the office asked of, but elsewhere.

    >>> told = "De burgemeester van Borgerwei, Lena Krol, is tegen."
    >>> place = told.index("Lena"), told.index("Krol") + 4
    >>> is_in_another_office("Wie is de burgemeester van Aalsum?", told, place)
    True
    >>> is_in_another_office("Wie is de burgemeester van Borgerwei?", told, place)
    False
    """
    asked = _OFFICE.search(question)
    if not asked:
        return False
    role, where = asked["role"].lower(), words_of(asked["of"])
    told = [found for found in _holders(sentence) if found["role"].lower() == role]
    held = [
        _share_words(where, words_of(found["of"]))
        for found in told
        if overlap(found.span("name"), place)
    ]
    # "A, burgemeester van B, wordt burgemeester van C": whose the second office is, is not known.
    is_there_too = any(
        each["role"].lower() == role
        and _share_words(where, words_of(each["of"]))
        and not any(overlap(each.span(), found.span()) for found in told)
        for each in _OFFICE.finditer(sentence)
    )
    return bool(held) and not any(held) and not is_there_too


def is_of_another_succession(question: str, sentence: str, place: tuple[int, int]) -> bool:
    """Tell whether an answer is the one who was succeeded, or took part in another succession.

    >>> told = "Ellen Prins volgt Huub Kramer op."
    >>> asked = "Wie volgde Huub Kramer op?"
    >>> [is_of_another_succession(asked, told, place) for place in ((0, 11), (18, 29))]
    [False, True]
    """
    asked = next(find_successions(question), None)
    if not asked:
        return False
    known = words_of(question[slice(*(asked.old or asked.new or (0, 0)))])
    answer = words_of(sentence[slice(*place)])
    if _ends_alike(answer, known):
        return True  # the question names this one already
    sides = (told.old if asked.old else told.new for told in find_successions(sentence))
    told = {side: _share_words(known, words_of(sentence[slice(*side)])) for side in sides if side}
    if any(is_asked and place[1] <= side[0] for side, is_asked in told.items()):
        return False  # "A volgt B op, die C opvolgde": B is both
    return any(overlap(side, place) and not is_asked for side, is_asked in told.items())


def _holders(sentence: str) -> Iterator[re.Match[str]]:
    for form in _HOLDERS:
        yield from form.finditer(sentence)


def _ends_alike(one: list[NameWord], other: list[NameWord]) -> bool:
    """Tell whether one name is the end of the other: "Bakker", "Wim Bakker"."""
    pairs = list(zip(reversed(one), reversed(other), strict=False))
    return bool(pairs) and all(a.same(b) for a, b in pairs)


def _share_words(one: list[NameWord], other: list[NameWord]) -> bool:
    return any(a.same(b) for a in one for b in other)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether two places have a character in common."""
    return one[0] < other[1] and other[0] < one[1]
