"""Splits a question into words, names and telling phrases, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.question.followup.first_names import gender_of
from qa.question.followup.vocabulary import FollowUpVocabulary

_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
_PREPOSITIONS = frozenset(["van", "de"])
_PARTICLES = _PREPOSITIONS | frozenset(
    ["der", "den", "ten", "ter", "von", "zu", "al", "el", "bin", "di", "da", "dos", "du", "la"]
)
_ADJECTIVE = re.compile(r"(?:se|sche|an|sh|ch|ese)$")


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word as typed, at `question[start:end]`, with its form in lower case."""

    text: str
    start: int
    end: int
    lower: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name or noun, at `question[start:end]`; `before` is the lower-case word before it."""

    text: str
    start: int
    end: int
    is_name: bool
    before: str


def words_of(question: str) -> list[QuestionWord]:
    """Return the words of a question, in order.

    >>> [word.lower for word in words_of("Zei hij 1.912?")]
    ['zei', 'hij', '1.912']
    """
    return [
        QuestionWord(match[0], match.start(), match.end(), match[0].lower().replace("’", "'"))
        for match in _WORD.finditer(question)
    ]


def telling_phrases(
    question: str, words: Sequence[QuestionWord], known: FollowUpVocabulary
) -> list[Phrase]:
    """Return the names, each in one piece, and the other nouns and telling words, in order.

    The result includes generic nouns: "gesprek" says little, but it is the subject of the question.
    English words in a row form one phrase, because English writes compounds that way.

    >>> from qa.question.followup.vocabulary import VOCABULARIES
    >>> asked = "Wat zei Joe Biden over Nord Stream 2 en de pijpleiding?"
    >>> [each.text for each in telling_phrases(asked, words_of(asked), VOCABULARIES["nl"])]
    ['Joe Biden', 'Nord Stream 2', 'pijpleiding']
    """
    found: list[Phrase] = []
    number = request_end(words, known)
    verb = verb_place(words, known)
    while number < len(words):
        last = _name_end(question, words, number, known)
        is_name = last > number
        if is_name or (number != verb and known.names_something(words[number].lower)):
            last = max(last, number + 1)
            while last != verb and _continues(question, words, number, last, known):
                last, is_name = last + 1, False
            start, end = words[number].start, words[last - 1].end
            before = words[number - 1].lower if number else ""
            found.append(Phrase(question[start:end], start, end, is_name, before))
        number = max(last, number + 1)
    return found


def request_end(words: Sequence[QuestionWord], known: FollowUpVocabulary) -> int:
    """Return how many words only say that this is a request, such as "Geef een overzicht van".

    A question has no such words.

    >>> from qa.question.followup.vocabulary import VOCABULARIES
    >>> request_end(words_of("Vertel me iets over de brand"), VOCABULARIES["nl"])
    5
    >>> request_end(words_of("Waar was de brand?"), VOCABULARIES["nl"])
    0
    """
    lowered = [word.lower for word in words]
    number = next((n for n, word in enumerate(lowered) if word not in known.openers), 0)
    opening = lowered[number : number + 2]
    requests = opening[:1] and opening[0] in known.imperatives
    asks = len(opening) > 1 and opening[0] in known.courtesies and opening[1] in known.addressees
    if not (requests or asks):
        return 0
    silent = known.requested | known.imperatives
    while number < len(words) and (
        lowered[number] in silent or not known.names_something(lowered[number])
    ):
        number += 1
    return number


def is_talk(words: Sequence[QuestionWord], known: FollowUpVocabulary) -> bool:
    """Tell whether a person only greets, thanks, or asks what Dateline can answer.

    >>> from qa.question.followup.vocabulary import VOCABULARIES
    >>> said = ("Bedankt voor de hulp!", "Wat kun je?", "En daarna?", "Bedankt, en daarna?")
    >>> [is_talk(words_of(each), VOCABULARIES["nl"]) for each in said]
    [True, True, False, False]
    """
    lowered = [word.lower for word in words]
    standing_in = known.persons | known.plurals | known.things | known.pointing_adverbs
    if any(known.tells(word) and word not in known.talk | known.small_talk for word in lowered):
        return False
    if standing_in.intersection(lowered) or not known.askers.isdisjoint(lowered[1:]):
        return False
    if lowered and lowered[0] in known.askers:
        return not known.addressees.isdisjoint(lowered)
    return not known.talk.isdisjoint(lowered)


def opening_words(
    question: str, words: Sequence[QuestionWord], known: FollowUpVocabulary
) -> Sequence[QuestionWord]:
    """Return the words that open a follow-up, such as "En", "What about" or "Bedankt!".

    >>> from qa.question.followup.vocabulary import VOCABULARIES
    >>> asked = "Oké, en Duitsland?"
    >>> [word.text for word in opening_words(asked, words_of(asked), VOCABULARIES["nl"])]
    ['Oké', 'en']
    """
    thanked = _interjections(question, words, known)
    lowered = " ".join(word.lower for word in words[thanked:])
    for opener in known.topic_openers:
        if lowered.startswith(opener + " "):
            return words[: thanked + len(opener.split())]
    opened = len(words) > thanked and words[thanked].lower in known.openers
    return words[: thanked + opened]


def _interjections(question: str, words: Sequence[QuestionWord], known: FollowUpVocabulary) -> int:
    """Return how many words form a "Bedankt!" or "Oké," that stands apart before the question."""
    number = 0
    for word, following in pairwise(words):
        if word.lower not in known.talk or question[word.end : following.start].isspace():
            break
        number += 1
    return number


def names(question: str, words: Sequence[QuestionWord], known: FollowUpVocabulary) -> list[Phrase]:
    """Return the names in a question: words with a capital, not only at its start."""
    return [phrase for phrase in telling_phrases(question, words, known) if phrase.is_name]


def verb_place(words: Sequence[QuestionWord], known: FollowUpVocabulary) -> int | None:
    """Return the number of the verb after a question word of one word, in Dutch word order.

    >>> from qa.question.followup.vocabulary import VOCABULARIES
    >>> verb_place(words_of("Wie leidde die groep?"), VOCABULARIES["nl"])
    1
    """
    single = known.askers - {"hoeveel", "welk", "welke", "which", "how", "whose", "wiens"}
    for number, word in enumerate(words[:3]):
        if word.lower in single:
            return number + 1 if len(words) > number + 2 else None
        if word.lower not in known.prepositions | known.openers:
            return _verb_after_noun(words, number, known)
    return None


def is_bare(words: Sequence[QuestionWord], known: FollowUpVocabulary) -> bool:
    """Tell whether the words hold a question word, but no word that names or replaces a thing."""
    standing_in = known.persons | known.plurals | known.pointers | known.pointing_adverbs
    silent = (known.function | known.light | known.prepositions | known.openers) - standing_in
    silent |= known.when | known.now  # "In welk jaar?"
    lowered = [word.lower for word in words]
    return not known.askers.isdisjoint(lowered) and silent.issuperset(lowered)


def has_verb(words: Sequence[QuestionWord], known: FollowUpVocabulary) -> bool:
    """Tell whether a verb, known or likely, follows the question word: "Wie leidde dat?"."""
    place = verb_place(words, known)
    return place is not None and (
        words[place].lower in known.verbs or known.names_something(words[place].lower)
    )


def _verb_after_noun(
    words: Sequence[QuestionWord], number: int, known: FollowUpVocabulary
) -> int | None:
    """Return the number of "leidde" in "Welke man leidde …", if the question has no known verb."""
    asks = words[number].lower in ("hoeveel", "welk", "welke", "which") and len(words) > number + 3
    if not asks or any(word.lower in known.verbs for word in words):
        return None
    return number + 2 if words[number + 2].text[0].islower() else None


def may_be_person(phrase: Phrase, question: str, known: FollowUpVocabulary) -> bool:
    """Tell whether a name may be a person's: no country, abbreviation, place or adjective."""
    following = _WORD.search(question, phrase.end)
    lower_next = following is not None and question[phrase.end : following.start()] == " "
    adjective = (
        " " not in phrase.text
        and lower_next
        and following is not None
        and following[0][0].islower()
        and known.tells(following[0].lower())
        and _ADJECTIVE.search(phrase.text) is not None
    )
    return not (
        adjective
        or phrase.before in known.places
        or phrase.text.isupper()
        or phrase.text.casefold() in _territories()
        or any(character.isdigit() for character in phrase.text)
    )


def is_name(answer: str) -> bool:
    """Tell whether a short answer holds a name of a few words.

    >>> is_name("Sergej Soerovikin"), is_name("zes uur"), is_name("NAVO-chef Jens Stoltenberg")
    (True, False, True)
    """
    words = words_of(answer)
    return 0 < len(words) <= 6 and any(word.text[0].isupper() for word in words[-2:])


@lru_cache(1)
def _territories() -> frozenset[str]:
    """Return the lower-case names of countries and organisations, which are no persons."""
    from babel import Locale

    own = {"kremlin", "witte huis", "white house", "pentagon", "westen", "navo", "nato"}
    listed = (Locale(code).territories.values() for code in ("nl", "en"))
    return frozenset(own | {str(name).casefold() for names in listed for name in names})


def _continues(
    question: str, words: Sequence[QuestionWord], first: int, number: int, known: FollowUpVocabulary
) -> bool:
    """Tell whether the next noun belongs to the phrase: "Russische troepen"."""
    if number >= len(words):
        return False
    before, word = words[number - 1], words[number]
    one_name = before.text[0].isupper()
    describes = before.lower.endswith("e") or (not one_name and known.joins_words)
    if one_name:
        describes = number == first + 1 and _ADJECTIVE.search(before.lower) is not None
    gap = question[before.end : word.start]
    return describes and gap == " " and word.text[0].islower() and known.names_something(word.lower)


def _name_end(
    question: str, words: Sequence[QuestionWord], first: int, known: FollowUpVocabulary
) -> int:
    """Return the number of the word after a name that starts at `first`; `first` without a name."""
    if not words[first].text[0].isupper() or (first == 0 and not known.tells(words[0].lower)):
        return first
    if first == 0 and not any(word.text[0].isupper() for word in words[1:2]):
        return first
    last = first + 1
    while last < len(words) and question[words[last - 1].end : words[last].start] == " ":
        word = words[last].text
        particles = _particles(words, last) if last == first + 1 else 0
        if not (particles or word[0].isupper() or (word.isdigit() and len(word) < 3)):
            break
        last += particles + 1
    return last


def _particles(words: Sequence[QuestionWord], first: int) -> int:
    """Return how many words from `first` are particles, as "van der" in "Caroline van der Plas".

    A single "van" is more often a preposition ("Wat vindt Shell van Greenpeace?"), so it needs a
    first name before it.
    """
    last = first
    while last < len(words) and words[last].text in _PARTICLES:
        last += 1
    run = {word.text for word in words[first:last]}
    surname = last < len(words) and words[last].text[0].isupper()
    joined = run - _PREPOSITIONS or gender_of(words[first - 1].text) is not None
    return last - first if surname and joined else 0
