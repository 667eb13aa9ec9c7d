"""Inserts carried words where a follow-up leaves them out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.question.followup.dependence import FollowUp, Lean, Leaning, outside_period
from qa.question.followup.first_names import PRONOUNS, gender_of
from qa.question.followup.phrases import Phrase, is_name, telling_phrases, verb_place

_CLOSING = re.compile(r"[\s?!.…]*$")
_COUNTING = re.compile(
    r"(?:hoeveel|how many|how much|welke?|which|what)\s+((?:[^\W\d_]+-?)+)", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:de|het|een|the|an?)\s+", re.IGNORECASE)
_AT = frozenset(["op", "bij", "at", "on", "near"])
_WHICH = frozenset(["welk", "welke", "hoeveel", "which"])
# "daarover" is said for "over dat"; before a noun "mee" and "toe" have another form.
_ADVERB = re.compile(
    r"(?:daar|er|hier)(over|van|op|aan|bij|mee|tegen|voor|in|uit|naar|door|toe)", re.IGNORECASE
)
_PREPOSITIONS = {"mee": "met", "toe": "tot"}
_ABOUT = ("about", "of", "on", "to")
_ABOUT_BEFORE = re.compile(rf"\b({'|'.join(_ABOUT)})\s$")
_AND = {True: " and ", False: " en "}
_DETERMINERS = ("de", "het", "een", "the", "a", "an")


def added(asked: FollowUp, carried: Sequence[str], period: str | None) -> str:
    """Return a question with one thing in the place of its pronoun, or all things at its end.

    "Wie volgt haar op?" gets the person in the place of "haar", and the office at the end.

    Without the carried words the question is the typed question.
    """
    question = asked.question
    leanings = [lean for lean in asked.leanings if lean.end]
    both = _with_person_and_thing(asked, leanings, carried)
    if both is not None:
        return at_end(both, f" {period}" if period else "")
    alone = len(carried) == 1 or (carried and asked.is_on_succession)
    if alone and len(leanings) == 1 and leanings[0].replaceable:
        lean = leanings[0]
        question = question[: lean.start] + carried[0] + question[lean.end :]
        carried = carried[1:]
    named = f" ({', '.join(carried)})" if carried else ""
    return at_end(question, named + (f" {period}" if period else ""))


def _with_person_and_thing(
    asked: FollowUp, leanings: Sequence[Leaning], carried: Sequence[str]
) -> str | None:
    """Return a question with a person and a thing in the places of their words, if it has both.

    "Wat zei hij daarover?" becomes "Wat zei Kant over de brug?", or "Wat zei Kant?" if no thing is
    known. `None` stands for any other question.
    """
    if [lean.kind for lean in leanings] != [Lean.PERSON, Lean.THING]:
        return None
    person, thing = leanings
    if not (person.replaceable and carried and is_name(carried[0])):
        return None
    pronoun = PRONOUNS.get(asked.question[person.start : person.end].lower())
    if gender_of(carried[0]) not in (None, pronoun):
        return None
    start, words = thing.start, asked.question[thing.start : thing.end]
    if adverb := _ADVERB.fullmatch(words):
        preposition = _PREPOSITIONS.get(adverb[1].lower(), adverb[1].lower())
    elif before := _ABOUT_BEFORE.search(asked.question, person.end, thing.start):
        start, preposition = before.start(1), before[1]
    else:
        return None
    told = f"{preposition} {_AND[preposition in _ABOUT].join(carried[1:])}" if carried[1:] else ""
    between = asked.question[person.end : start]
    question = asked.question[: person.start] + carried[0] + between + told
    return " ".join(question.split()) + asked.question[thing.end :]


def at_end(question: str, words: str) -> str:
    """Return a question with words before its question mark.

    >>> at_end("Hoe lang duurde dat?", " in 2021")
    'Hoe lang duurde dat in 2021?'
    """
    if not words:
        return question
    place = _CLOSING.search(question)
    start = place.start() if place else len(question)
    return question[:start] + words + (question[start:].strip() or "?")


def asked_otherwise(asked: FollowUp, last: FollowUp, answered: Sequence[str]) -> str:
    """Return the last question with a new question word: "Waarom?" in the place of "Wie"."""
    bare = _CLOSING.sub("", " ".join(word.text for word in outside_period(asked)))
    counted = _counted(last)
    rest = _rest(bare, last, counted)
    lost = [last.question[counted[0] : counted[1]]] if counted else []
    new = [each for each in (*lost, *answered) if each.casefold() not in rest.casefold()]
    question = f"{bare[:1].upper()}{bare[1:]} {rest}"
    return at_end(question, f" ({', '.join(new)})" if new else "")


def _rest(bare: str, last: FollowUp, counted: tuple[int, int] | None) -> str:
    """Return the last question without its question word."""
    if counted and bare.lower() in _WHICH:
        return last.question[counted[0] :]  # "Hoeveel landen …", "Welke?"
    place = verb_place(last.words, last.known)
    return last.question[last.words[place].start :] if place else _lower_first(last)


def continued(asked: FollowUp, last: FollowUp, period: str | None) -> str:
    """Return the last question with the words of a fragment in the place of its own words."""
    rest = outside_period(asked)
    text = asked.question[rest[0].start : rest[-1].end] if rest else ""
    changes: list[tuple[int, int, str]] = []
    extra = ""
    if period and last.period:
        changes.append((last.period.start, last.period.end, period))
    elif period:
        extra = f" {period}"
    place = _place_for(asked, last) if rest else None
    if place:
        counts = place == _counted(last)
        owned = rest[0].lower in asked.known.possessives  # "En zijn vrouw?"
        owner = f" ({last.question[place[0] : place[1]]})" if owned else ""
        changes.append((*place, _ARTICLE.sub("", text) + owner if counts else text + owner))
    elif text and any(_says(asked, word.lower) for word in rest):
        extra = f" {text}{extra}"
    question = last.question
    for start, end, words in sorted(changes, reverse=True):
        question = question[:start] + words + question[end:]
    question = question[:1].upper() + question[1:]
    return at_end(question, extra)


def _says(asked: FollowUp, word: str) -> bool:
    return asked.known.names_something(word) or word in asked.known.pointing_adverbs


def _place_for(asked: FollowUp, last: FollowUp) -> tuple[int, int] | None:
    """Return the place in the last question that a fragment replaces."""
    rest = outside_period(asked)
    told = telling_phrases(last.question, last.words, last.known)
    if last.period:
        told = [each for each in told if not _within(each, last.period.start, last.period.end)]
    if rest[0].lower in asked.known.prepositions:
        return _same_preposition(rest[0].lower, last, told)
    counted = _counted(last)
    if rest[0].lower in asked.known.askers:
        return (0, counted[1]) if counted else None
    persons = asked.known.roles | asked.known.possessives
    if any(word.text[0].isupper() or word.lower in persons for word in rest):
        return _subject(told, last)
    return counted


def _counted(last: FollowUp) -> tuple[int, int] | None:
    """Return the place of "doden" in "Hoeveel doden …", or of "landen" in "Welke landen …"."""
    match = _COUNTING.match(last.question)
    names_it = match is not None and last.known.names_something(match[1].lower())
    return match.span(1) if match and names_it else None


def _subject(told: Sequence[Phrase], last: FollowUp) -> tuple[int, int] | None:
    """Return the place of the person or thing that is the subject of a question."""
    named = [each for each in told if each.is_name or _is_role(each, last)]
    named.sort(key=lambda each: (each.before in last.known.prepositions, not each.is_name))
    return _with_title(named[0], told, last) if named else None


def _is_role(phrase: Phrase, last: FollowUp) -> bool:
    return phrase.text.split()[-1].lower() in last.known.roles


def _with_title(name: Phrase, told: Sequence[Phrase], last: FollowUp) -> tuple[int, int]:
    """Return the place of a name, with the title "de Franse president" right before it."""
    start = name.start
    titles = [each for each in told if _is_role(each, last)]
    articles = [word for word in last.words if word.lower in _DETERMINERS]
    places = [(each.start, each.end) for each in titles]
    places += [(each.start, each.end) for each in articles]
    for first, end in places:
        if end < start and last.question[end:start] == " ":
            start = first
    return start, name.end


def _same_preposition(
    preposition: str, last: FollowUp, told: Sequence[Phrase]
) -> tuple[int, int] | None:
    """Return the words after the same preposition, else a name after another one of place."""
    found: list[tuple[bool, int, int]] = []
    for number, word in enumerate(last.words[:-1]):
        same = word.lower == preposition
        of_place = {word.lower, preposition} <= last.known.places | _AT
        skipped = number + 1 + (last.words[number + 1].lower in _DETERMINERS)
        start = last.words[min(skipped, len(last.words) - 1)].start
        found += [
            (not same, word.start, phrase.end)
            for phrase in told
            if phrase.start == start and (same or (of_place and phrase.is_name))
        ]
    return min(found)[1:] if found else None


def _within(phrase: Phrase, start: int, end: int) -> bool:
    return start <= phrase.start < end


def _lower_first(last: FollowUp) -> str:
    first = last.words[0]
    is_name = not last.known.function.union(last.known.verbs).intersection([first.lower])
    return last.question if is_name else first.lower + last.question[first.end :]
