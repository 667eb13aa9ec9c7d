"""Finds the person that a pronoun or a bare role means, among the names earlier in the text."""

from __future__ import annotations

import re

from qa.text.attribution.speakers import PRONOUNS, name_in, noun_phrase_end, title_of

_LOOKS_BACK = 1_000  # characters
_SENTENCE_END = re.compile(r"(?<=[.!?”\"])\s+(?=[^\W\d_a-z]|[\"„“‘'])")
_NAME = re.compile(r"(?:[A-Z][\w'’-]+)(?:\s+(?:(?:van|der|den|de|ten|ter)\s+)*[A-Z][\w'’-]+)*")
_PLACE_BEFORE = re.compile(r"\b(?:in|uit|naar|te|van|of|from|to|at|on|bij|rond)\s+$", re.IGNORECASE)
_FEMALE = re.compile(
    r"\b(?:koningin|mevrouw|moeder|oma|zus|dochter|vrouw|\w+ster|queen|ms|mrs|spokeswoman)\b",
    re.IGNORECASE,
)
_MALE = re.compile(
    r"\b(?:koning|meneer|vader|opa|broer|zoon|man|king|mr|spokesman)\b", re.IGNORECASE
)
_FEMALE_PRONOUNS = frozenset({"ze", "zij", "haar", "she", "her"})
_PLURAL_PRONOUNS = frozenset({"hen", "they", "them"})


def resolve(text: str, at: int, written: str, language: str) -> tuple[str, bool]:
    """Return the person that the words at a place mean, and whether the meaning is clear.

    >>> resolve("Minister Kaag is terug. Ze zei niets.", 24, "Ze", "nl")
    ('Minister Kaag', True)
    >>> resolve("Jan Bos sprak met Piet Vos. Hij zei niets.", 28, "Hij", "nl")
    ('Hij', False)
    """
    low = written.lower()
    if low in PRONOUNS[language]:
        meant = _by_pronoun(text, at, low, language)
        return (meant, True) if meant else (written, False)
    role = title_of(written)
    if role:
        bearers = _bearers(text[max(0, at - 20 * _LOOKS_BACK) : at], role)
        if len(bearers) == 1:
            return next(iter(bearers.values())), True
        return written, not bearers
    return written, True


def _by_pronoun(text: str, at: int, pronoun: str, language: str) -> str | None:
    """Return the only person in the nearest earlier sentence that names anybody."""
    before = text[max(0, at - _LOOKS_BACK) : at]
    if pronoun in _PLURAL_PRONOUNS:
        return None
    for sentence in list(reversed(_SENTENCE_END.split(before)))[:4]:
        people = _people(sentence, language)
        if people:
            fits = len(people) == 1 and _gender_fits(next(iter(people.values())), pronoun)
            return next(iter(people.values())) if fits else None
    return None


def _gender_fits(person: str, pronoun: str) -> bool:
    contrary = _MALE if pronoun in _FEMALE_PRONOUNS else _FEMALE
    return not contrary.search(person)


def _people(sentence: str, language: str) -> dict[str, str]:
    """Return the possible persons in a sentence, by last name."""
    if re.match(r"[\"„“‘'’,]", sentence):
        return {}
    people: dict[str, str] = {}
    end = noun_phrase_end(sentence, 0, language, len(sentence))
    opening = sentence[:end] if end else ""
    if end and opening.lower() not in PRONOUNS[language]:
        people |= _parts(opening)
    for name in _NAME.finditer(sentence, end or 1):
        if not _PLACE_BEFORE.search(sentence, max(0, name.start() - 8), name.start()):
            people.setdefault(name.group().split()[-1], name.group())
    return people


def _parts(opening: str) -> dict[str, str]:
    """Return the persons of an opening phrase: "Jan Bos en Piet Vos" are two."""
    parts = re.split(r"\s+(?:en|and)\s+", opening)
    return {(name_in(part) or part.split())[-1]: part for part in parts}


def _bearers(before: str, role: str) -> dict[str, str]:
    """Return the names that follow a role, by last name."""
    pattern = re.compile(
        rf"\b(?:[Dd]e\s+[A-Z]?\w*\s+)?{re.escape(role)}\s+({_NAME.pattern})"
        rf"|\b{re.escape(role.capitalize())}\s+({_NAME.pattern})"
    )
    return {(found[1] or found[2]).split()[-1]: found.group() for found in pattern.finditer(before)}
