"""Chooses the words of earlier questions and answers that a follow-up refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from qa.question.followup.dependence import FollowUp, Lean, Leaning
from qa.question.followup.first_names import PRONOUNS, Gender, gender_of
from qa.question.followup.phrases import (
    Phrase,
    is_name,
    may_be_person,
    telling_phrases,
    words_of,
)
from qa.question.kind import QuestionKind, kind_of

_MOST_CARRIED = 8
_LONGEST_ANSWER = 6  # words
_ARTICLE = re.compile(r"^(?:de|het|een|the|an?)\s+(?=\S)")  # not of "De Telegraaf"
_OF = re.compile(r" (?:van|of|voor|for)(?: (?:de|het|the))? ")
_IS = frozenset(["is", "was", "zijn", "waren", "are", "were"])


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier question in its complete form, with its short answer.

    `said` holds all questions and answers up to this one, as people typed them and Dateline gave
    them.
    """

    asked: FollowUp
    answer: str | None
    said: tuple[str, ...]

    def told(self) -> list[Phrase]:
        """Return the names, nouns and other telling words outside the period."""
        asked = self.asked
        found = telling_phrases(asked.question, asked.words, asked.known)
        period = asked.period
        return [
            phrase
            for phrase in found
            if period is None or phrase.end <= period.start or phrase.start >= period.end
        ]

    def phrases(self) -> list[str]:
        """Return the texts of these words, each once, if an earlier text holds them literally."""
        texts = dict.fromkeys(phrase.text for phrase in self.told())
        return [text for text in texts if any(text in said for said in self.said)]

    def asks_for_person(self) -> bool:
        """Tell whether the question asks "who", or asks which person holds an office."""
        known, lowered = self.asked.known, {word.lower for word in self.asked.words[:3]}
        which = known.askers & {"welk", "welke", "which"} & lowered
        named = known.roles & lowered or gender_of(self.answer or "") is not None
        return not known.person_askers.isdisjoint(lowered) or bool(which and named)

    def answer_names(self) -> list[str]:
        """Return a list with the answer if it names the thing asked for, else an empty list.

        A number, a day or a sentence cannot be the subject of a follow-up. The name leaves out an
        article before it.
        """
        answer = _ARTICLE.sub("", (self.answer or "").strip())
        short = 0 < len(answer.split()) <= _LONGEST_ANSWER
        if not short or self._asks_what_a_name_is() or _states(self.asked.question):
            return []
        lowered = {word.lower for word in self.asked.words[:3]}
        names_it = {"wie", "wat", "welk", "welke", "who", "whom", "what", "which"} & lowered
        places_it = {"waar", "where"} & lowered and is_name(answer)
        return [answer] if names_it or places_it else []

    def _asks_what_a_name_is(self) -> bool:
        """Tell whether the answer describes the subject, as it does for "Wie is Joe Biden?"."""
        words, known = self.asked.words, self.asked.known
        is_one = len(words) > 2 and words[0].lower in known.askers
        told = self.told()
        return is_one and words[1].lower in _IS and [each.is_name for each in told] == [True]


def _states(question: str) -> bool:
    return kind_of(question) is QuestionKind.STATEMENT


def carried_phrases(asked: FollowUp, earlier: Sequence[Earlier]) -> list[str]:
    """Return the words, verbatim, that a question refers to and does not say itself."""
    found: list[str] = []
    persons = [lean for lean in asked.leanings if lean.kind is Lean.PERSON]
    if persons:
        found += _persons(earlier, _genders(asked, persons))
    if found and asked.is_on_succession:
        found += _offices(earlier, found)
    if not found or asked.has(Lean.THING, Lean.VAGUE, Lean.FRAGMENT, Lean.BARE):
        found += _things(earlier)
    said = asked.question.casefold()
    new = [phrase for phrase in found if phrase.casefold() not in said]
    whole = [
        phrase
        for phrase in new
        if not any(phrase != other and phrase.casefold() in other.casefold() for other in new)
    ]
    return list(dict.fromkeys(whole))[:_MOST_CARRIED]


def carried_period(asked: FollowUp, last: Earlier) -> str | None:
    """Return the earlier period if the question neither names a period nor asks for one."""
    period = last.asked.period
    if period is None or period.middle is None or asked.period is not None:
        return None
    asks_when = any(word.lower in asked.known.when for word in asked.words)
    return None if asks_when else period.words


def _genders(asked: FollowUp, leanings: Sequence[Leaning]) -> list[Gender | None]:
    """Return the gender that each pronoun shows."""
    pronouns = [asked.question[lean.start : lean.end].casefold() for lean in leanings]
    return [PRONOUNS.get(pronoun) for pronoun in pronouns]


def _persons(earlier: Sequence[Earlier], genders: Sequence[Gender | None]) -> list[str]:
    """Return the persons meant: the person in the answer, else the subject of the latest question.

    A person is left out if the first name does not fit "he" or "she".
    """
    several = len(genders) > 1
    for turn in reversed(earlier):
        answered = turn.answer_names() if turn.asks_for_person() else []
        fitting = [
            [name for name in names if None in genders or gender_of(name) in (None, *genders)]
            for names in (_named_persons(turn), answered)
        ]
        found = [*fitting[0], *fitting[1]] if several else (fitting[1] or fitting[0])[:1]
        if found:
            return found
    return []


def _offices(earlier: Sequence[Earlier], persons: Sequence[str]) -> list[str]:
    """Return the office that a question on a successor means, such as "burgemeester van Gent".

    A successor takes over an office, not a person. An office that the text gives to somebody else
    is left out.
    """
    for turn in reversed(earlier):
        texts = (turn.asked.question, turn.answer or "")
        offices = [office for text in texts for office in _offices_in(text, turn, persons)]
        verbatim = [each for each in offices if any(each in said for said in turn.said)]
        if verbatim:
            return verbatim[:1]
    return []


def _offices_in(text: str, turn: Earlier, persons: Sequence[str]) -> list[str]:
    known = turn.asked.known
    found = []
    told = telling_phrases(text, words_of(text), known)
    for office, following in zip_longest(told, told[1:]):
        if office.text.split()[-1].lower() not in known.roles:
            continue
        between = text[office.end : following.start] if following else ""
        if following and between == " " and following.is_name and following.text not in persons:
            continue
        end = following.end if following and _OF.fullmatch(between) else office.end
        found.append(text[office.start : end])
    return found


def _named_persons(turn: Earlier) -> list[str]:
    """Return the names that may be names of persons; names without a preposition come first."""
    asked = turn.asked
    named = [
        phrase
        for phrase in turn.told()
        if phrase.is_name and may_be_person(phrase, asked.question, asked.known)
    ]
    named.sort(key=lambda phrase: phrase.before in asked.known.prepositions)
    return [phrase.text for phrase in named if phrase.text in turn.phrases()]


def _things(earlier: Sequence[Earlier]) -> list[str]:
    """Return the subject and the answer of the latest question that has either."""
    for turn in reversed(earlier):
        found = [*turn.answer_names(), *turn.phrases()]
        if found:
            return found
    return []
