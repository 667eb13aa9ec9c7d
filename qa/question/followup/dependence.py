"""Decides by rules whether a question depends on earlier turns, and through which words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from qa.question.followup.periods import Period, find_period
from qa.question.followup.phrases import (
    Phrase,
    QuestionWord,
    has_verb,
    is_bare,
    is_talk,
    names,
    opening_words,
    request_end,
    telling_phrases,
    verb_place,
    words_of,
)
from qa.question.followup.vocabulary import VOCABULARIES, FollowUpVocabulary
from qa.question.kind import asks_of_whole_archive

_PARTICIPLE = re.compile(r"ge|(?:be|er|her|ont|onder|over|ver|voor).{3,}(?:d|t|en)$")
_OWN = frozenset(["own", "eigen"])
_LONGEST_FRAGMENT = 5  # words after "En …", without a period


class Lean(StrEnum):
    """How a question depends on earlier ones."""

    PERSON = "person"  # "hij", "his"
    THING = "thing"  # "dat", "it", "they", "dat gesprek", "daarna"
    FRAGMENT = "fragment"  # "En Biden?", "En in februari?"
    BARE = "bare"  # "Waarom?", "Door wie?"
    VAGUE = "vague"  # "Wie komen er allemaal?"


@dataclass(frozen=True, slots=True)
class Leaning:
    """A word, at `question[start:end]`, that stands for something said before.

    `replaceable` is set if the thing meant can take the place of the word.
    """

    kind: Lean
    start: int
    end: int
    replaceable: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question in its parts. A question without `leanings` is complete by itself."""

    question: str
    words: tuple[QuestionWord, ...]
    known: FollowUpVocabulary
    period: Period | None
    named: tuple[Phrase, ...]
    leanings: tuple[Leaning, ...] = ()

    @property
    def is_request(self) -> bool:
        """Whether the words are a request and no question, such as "Geef een overzicht van …"."""
        return request_end(self.words, self.known) > 0

    @property
    def is_on_succession(self) -> bool:
        """Whether the question asks who holds an office before or after somebody."""
        return any(word.lower in self.known.succession for word in self.words)

    def has(self, *kinds: Lean) -> bool:
        """Tell whether the question depends on earlier ones in one of these ways."""
        return any(leaning.kind in kinds for leaning in self.leanings)


def examine(question: str, language: str) -> FollowUp:
    """Take a question apart and find the words that depend on an earlier question.

    >>> [lean.kind.value for lean in examine("En in februari?", "nl").leanings]
    ['fragment']
    >>> [lean.kind.value for lean in examine("Hoe lang duurde dat gesprek?", "nl").leanings]
    ['thing']
    >>> examine("Wat zei Poetin over zijn troepen?", "nl").leanings
    ()
    """
    known = VOCABULARIES["nl" if language == "nl" else "en"]
    words = tuple(words_of(question))
    period = find_period(question, language)
    asked = FollowUp(question, words, known, period, tuple(names(question, words, known)))
    return replace(asked, leanings=_leanings(asked))


def outside_period(asked: FollowUp) -> list[QuestionWord]:
    """Return the words outside the period, without words that open the question ("En")."""
    period = asked.period
    words = [
        word
        for word in asked.words
        if period is None or word.end <= period.start or word.start >= period.end
    ]
    skipped = len(opening_words(asked.question, asked.words, asked.known))
    return [word for word in words if word not in asked.words[:skipped]]


def _leanings(asked: FollowUp) -> tuple[Leaning, ...]:
    if (
        not asked.words
        or is_talk(asked.words, asked.known)
        or asks_of_whole_archive(asked.question)
    ):
        return ()
    whole = _whole_question(asked)
    if whole is not None:
        return (Leaning(whole, 0, len(asked.question)),)
    found = [lean for number in range(len(asked.words)) if (lean := _lean_at(asked, number))]
    if not found and asked.period is None and _tells_little(asked):
        found = [Leaning(Lean.VAGUE, 0, 0)]
    return tuple(found)


def _tells_little(asked: FollowUp) -> bool:
    """Tell whether a question says too little by itself: "Zijn er gewonden?", "Hoeveel doden?"."""
    known, rest = asked.known, outside_period(asked)
    requesting = asked.words[: request_end(asked.words, known)]
    telling = sum(known.tells(word.lower) for word in rest if word not in requesting)
    if asked.named or not telling:
        return not telling
    lowered = [word.lower for word in rest]
    exists = bool({"er", "there"}.intersection(lowered))
    only_counts = len(rest) < 4 and lowered[0] in known.askers and not has_verb(rest, known)
    opened = len(rest) < len(asked.words)
    return telling <= (exists or only_counts) + opened


def _whole_question(asked: FollowUp) -> Lean | None:
    """Return how a question without a verb depends on others: as a fragment or a bare "Waarom?"."""
    known, rest = asked.known, outside_period(asked)
    opened = bool(opening_words(asked.question, asked.words, asked.known))
    silent = known.function | known.light | known.prepositions | known.openers
    if not rest or (asked.period and all(word.lower in silent - known.askers for word in rest)):
        return Lean.FRAGMENT if opened or asked.period else None
    if any(word.lower in known.verbs - {"zijn"} for word in rest) or has_verb(rest, known):
        return None
    if is_bare(rest, known):
        return Lean.BARE
    starts_with_preposition = rest[0].lower in known.prepositions
    if len(rest) <= _LONGEST_FRAGMENT and (opened or (starts_with_preposition and len(rest) < 4)):
        return Lean.FRAGMENT
    return None


def _lean_at(asked: FollowUp, number: int) -> Leaning | None:
    """Return how the word with this number refers to something outside the question."""
    known, word = asked.known, asked.words[number]
    if word.lower in known.persons | known.plurals | known.possessives:
        return _pronoun(asked, number)
    if word.lower in known.things:
        return _thing(asked, number)
    if word.lower in known.pointers and _points(asked, number):
        return Leaning(Lean.THING, word.start, word.end)
    if word.lower in known.pointing_adverbs and not _is_existential(asked, number):
        return Leaning(Lean.THING, word.start, word.end)
    if word.lower in known.definite and _is_generic(asked, number):
        return Leaning(Lean.THING, word.start, word.end)
    return None


def _pronoun(asked: FollowUp, number: int) -> Leaning | None:
    known, word = asked.known, asked.words[number]
    possessive = word.lower in known.possessives and _owns(asked, number)
    if word.lower == "zijn" and not possessive:
        return None
    if _has_antecedent(asked, number, in_other_clause=not possessive):
        return None
    either = word.lower in ("ze", "zij") and not _is_many(asked, number)
    plural = word.lower in known.plurals or word.lower in ("their", "its", "hun")
    kind = Lean.THING if plural and not either else Lean.PERSON
    return Leaning(kind, word.start, word.end, replaceable=not possessive)


def _is_many(asked: FollowUp, number: int) -> bool:
    """Tell whether "ze" means several people, as in "zeggen ze" but not "zegt ze", by its verb."""
    before = asked.words[number - 1].lower if number else ""
    inverted = number in (1, verb_after(asked))
    following = asked.words[number + 1].lower if number + 1 < len(asked.words) else ""
    verb = before if inverted or before in asked.known.verbs else following
    if before in asked.known.imperatives:
        return True
    return verb.endswith("en") or verb in ("zijn", "gaan", "staan", "doen", "zien", "slaan")


def _owns(asked: FollowUp, number: int) -> bool:
    """Tell whether a noun follows a possessive: "zijn plannen", "her plans", not "saw her"."""
    known, word = asked.known, asked.words[number]
    following = asked.words[number + 1 : number + 2]
    if following and following[0].lower in _OWN:
        return True
    if not following or following[0].lower in known.function:
        return False
    if word.lower != "zijn":
        return True
    before = asked.words[number - 1].lower if number else ""
    participle = following[0].lower.startswith("ge") and following[0] is asked.words[-1]
    owned = before in known.prepositions | known.verbs or number == verb_after(asked)
    return owned and not participle


def verb_after(asked: FollowUp) -> int | None:
    """Return the number of the word after the verb in a question such as "Wie leidde …?"."""
    place = verb_place(asked.words, asked.known)
    return None if place is None else place + 1


def _thing(asked: FollowUp, number: int) -> Leaning | None:
    """Return how the pronoun "het" or "it" refers back; it does not in "Is het waar dat …"."""
    word = asked.words[number]
    following = asked.words[number + 1 : number + 2]
    later = [each.lower for each in asked.words[number + 1 :]]
    if following and word.lower == "het" and not _follows_pronoun(asked, number):
        return _generic_thing(asked, number)
    if {"dat", "that", "of", "if", "whether"} & set(later[:3]):  # "Is het waar dat …"
        return None
    if _has_antecedent(asked, number, in_other_clause=True):
        return None
    return Leaning(Lean.THING, word.start, word.end, replaceable=True)


def _generic_thing(asked: FollowUp, number: int) -> Leaning | None:
    word = asked.words[number]
    return Leaning(Lean.THING, word.start, word.end) if _is_generic(asked, number) else None


def _follows_pronoun(asked: FollowUp, number: int) -> bool:
    """Tell whether the words after "het" are no noun phrase: "het in", "het gebeurd?"."""
    known, following = asked.known, asked.words[number + 1]
    before = asked.words[number - 1].lower if number else ""
    if following.text[0].isupper():
        return False
    silent = (
        known.function | known.prepositions | known.verbs | {"plaats", "waar", "af", "op", "samen"}
    )
    closing = following is asked.words[-1] and before not in known.prepositions
    last_verb = closing and _PARTICIPLE.match(following.lower) is not None
    return following.lower in silent - {"andere", "ander", "eerste", "meeste"} or last_verb


def _points(asked: FollowUp, number: int) -> bool:
    """Tell whether "dat" or the like is a demonstrative: no conjunction, no relative pronoun."""
    known, word = asked.known, asked.words[number]
    following = asked.words[number + 1].lower if number + 1 < len(asked.words) else ""
    if word.lower in ("dit", "deze", "this", "these") and following in known.now:
        return False
    if word.lower not in ("dat", "die", "that") or number == 0:
        return True
    before = asked.words[number - 1]
    if word.lower != "die" and before.lower in known.reporting:
        return _ends_soon(asked, number)
    if before.lower in known.function | known.verbs | known.prepositions:
        return not _opens_clause(asked, number)
    stands_apart = number == verb_after(asked) or before.text[0].isupper() or following == ""
    return stands_apart and not _opens_clause(asked, number)


def _ends_soon(asked: FollowUp, number: int) -> bool:
    """Tell "Wat betekent dat voor ons?" from "Zegt hij dat voor het eerst geld komt?"."""
    known, after = asked.known, [word.lower for word in asked.words[number + 1 :]]
    phrase = len(after) < 4 and after[:1] != [] and after[0] in known.prepositions
    return not after or (phrase and known.verbs.isdisjoint(after))


def _opens_clause(asked: FollowUp, number: int) -> bool:
    """Tell whether the clause after the word has its own subject, as in "Klopt het dat er …"."""
    known, word = asked.known, asked.words[number]
    if word.lower == "die" or number + 1 >= len(asked.words):
        return False
    following = asked.words[number + 1]
    subjects = known.definite | known.persons | known.plurals | known.things | {"er", "een", "a"}
    return following.lower in subjects or following.text[0].isupper()


def _is_existential(asked: FollowUp, number: int) -> bool:
    """Tell whether an adverb refers to nothing earlier: "Is there …", or "er" inside a clause."""
    word = asked.words[number].lower
    before = asked.words[number - 1].lower if number else ""
    if word == "there":
        followed = number + 1 < len(asked.words)
        return followed and before in ("is", "are", "was", "were", "will", "")
    return _has_antecedent(asked, number, in_other_clause=True)


def _is_generic(asked: FollowUp, number: int) -> bool:
    """Tell whether "het gesprek" or "the general" is the question's only mention of its subject."""
    known, after = asked.known, asked.words[number + 1 : number + 2]
    if not after or after[0].lower not in known.generic:
        return False
    return not asked.named and not _is_explained(asked, number + 2)


def _is_explained(asked: FollowUp, number: int) -> bool:
    """Tell whether the word after a noun begins its explanation: "het overleg over de grens"."""
    known, after = asked.known, asked.words[number:]
    if not after:
        return False
    if after[0].lower in ("van", "of", "die", "dat", "who", "between"):
        return True
    if known.joins_words and known.tells(after[0].lower) and len(after) > 1:
        return True  # "the city museum"
    told = [word for word in outside_period(asked) if word in after and known.tells(word.lower)]
    return after[0].lower in known.prepositions and after[0] in outside_period(asked) and bool(told)


def _has_antecedent(asked: FollowUp, number: int, *, in_other_clause: bool) -> bool:
    """Tell whether the pronoun can stand for a name or a definite noun before it.

    "Poetin sprak hem" speaks of two persons, and "Poetin zei dat hij" may speak of one. So a
    pronoun that is not possessive needs a clause between the name and itself.
    """
    known, pronoun = asked.known, asked.words[number]
    owned = asked.words[number + 1].lower if number + 1 < len(asked.words) else ""
    if owned in _OWN and any(phrase.start > pronoun.end for phrase in asked.named):
        return True  # "How many of her own party voted against Marsden?"
    named = [phrase.end for phrase in asked.named]
    described = [
        asked.words[place + 1].end
        for place in range(number - 1)
        if asked.words[place].lower in known.definite | {"welk", "welke", "which", "een", "a"}
        and asked.words[place + 1].lower not in known.function
    ]
    if pronoun.lower in ("hun", "their"):  # "Wat doen gemeenten om hun zwembaden …"
        told = telling_phrases(asked.question, asked.words, known)
        named += [phrase.end for phrase in told if known.tells(phrase.text.casefold())]
    ends = [end for end in (*named, *described) if end <= pronoun.start]
    if not ends or not in_other_clause:
        return bool(ends)
    clauses = [word.start for word in asked.words if word.lower in known.clause_openers]
    return any(min(ends) <= start < pronoun.start for start in clauses)
