"""Makes questions from the sentences of a text, each with the place of the words that answer it.

The questions ask only for facts that a sentence states literally: who a person is ("Hans
Kristensen, directeur van …"), what a person said, what an abbreviation stands for, and how many of
a thing there are. So each question makes sense in both languages, and its answer is known in
advance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index_store.analysis.language import FUNCTION_WORDS
from qa.answer.suggestions.lexicon import LEXICONS, QUESTIONS
from qa.answer.values.units import units
from qa.question.followup.vocabulary import VOCABULARIES
from qa.text.sentences import split_sentences

_LONGEST_SENTENCE = 500  # characters
_SHORTEST_NOUN = 5
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’]*(?:-[\w'’]+)*"
_PARTICLES = r"(?:(?:van|von|der|den|de|ten|ter|el|al|bin|di|da|du|la|le)\s)+"
_NAME = rf"(?P<name>{_CAPITAL}\s(?:{_PARTICLES}{_CAPITAL}|{_CAPITAL}(?:\s{_CAPITAL})?))"
_YEAR = r"(?:1[89]|20)\d\d\s"


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A question whose answer overlaps `text[start:end]`.

    `name` is the subject of the question. `kind` is "who", "said", "stands_for" or "how_many"; the
    answer to "said" is a whole sentence.
    """

    question: str
    kind: str
    name: str
    start: int
    end: int


def find_candidates(text: str, *, written: str, asked: str) -> Iterator[SuggestedQuestion]:
    """Yield questions in the language `asked` about a text in the language `written`.

    Questions that count things are only asked in the language of the text, because the noun is not
    translated.

    >>> text = "„Ik zie niets”, zegt Hans Kristensen, directeur van een instituut."
    >>> for each in find_candidates(text, written="nl", asked="en"):
    ...     print(each.question, text[each.start : each.end])
    Who is Hans Kristensen? directeur
    What did Hans Kristensen say? „Ik zie niets”, zegt Hans Kristensen, directeur van een instituut.
    """
    language = written if written in LEXICONS else "nl"
    patterns = [each for each in _patterns(language) if each[0] != "how_many" or written == asked]
    for sentence in split_sentences(text, language=language):
        if sentence.heading or sentence.end - sentence.start > _LONGEST_SENTENCE:
            continue
        for kind, introduced in patterns:
            for match in introduced.finditer(text, sentence.start, sentence.end):
                name = _name(match["name"], kind, language)
                if name is None:
                    continue
                is_said = kind == "said"
                start, end = (sentence.start, sentence.end) if is_said else match.span("answer")
                question = QUESTIONS[asked][kind].format_map({"name": name})
                yield SuggestedQuestion(question, kind, name, start, end)


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return patterns, each with its kind of question; the groups are `name` and `answer`."""
    known = LEXICONS[language]
    # In English a role may have a capital ("President Biden"), in Dutch it is often a compound.
    role = rf"(?i:[\w-]*(?:{known.roles}))"
    opening = rf"(?:(?:{known.articles}|former|voormalig|oud)\s(?:[\w'’-]+\s){{0,3}}?)?"
    saying = rf"(?:{known.saying})"
    bare = "".join(rf"(?<!\b(?i:{word})\s)" for word in ("de", "het", "van", "the", "of"))
    number = rf"(?!{_YEAR})(?P<answer>\d[\d.,]*\d|{known.numbers})"
    millions = r"\s(?:miljoen|miljard|million|billion)"
    million = rf"(?:{millions}|(?!{millions}))"  # never the thing itself
    thing = rf"(?P<name>(?:{known.adjective}\s){{0,2}}?[\w-]*{known.plural})\b"
    # The answer must begin with the first letter of the abbreviation: "Organisatie voor … (OVSE)".
    first_word = r"\b(?P<answer>(?P<letter>[^\W\d_])[\w-]*)"
    short_name = r"(?P<name>(?i:(?P=letter))[^\W\d_a-zß-öø-ÿ][\w-]{0,6})"
    of_role = rf"{opening}(?P<answer>{role}|{known.belonging})\b(?!\s{_CAPITAL})"
    return (
        ("who", re.compile(rf"\b(?P<answer>{role})\s{_NAME}")),
        ("who", re.compile(rf"{_NAME},\s{of_role}")),
        ("said", re.compile(rf"\b{saying}\s(?:(?:[\w-]+\s){{0,3}}?{role}\s)?{_NAME}")),
        ("said", re.compile(rf"{bare}{_NAME}\s{saying}\b")),
        ("stands_for", re.compile(rf"{first_word}(?:\s[\w-]+){{0,7}}\s\({short_name}\)")),
        ("how_many", re.compile(rf"\b{number}{million}\s{thing}")),
    )


def _name(found: str, kind: str, language: str) -> str | None:
    """Return the name in the form for a question, or `None` if it does not suit a question."""
    words = " ".join(found.split()).split(" ")
    known = VOCABULARIES[language]
    silent = FUNCTION_WORDS[language] | known.prepositions | known.light | known.verbs
    if kind == "how_many":
        last = words[-1].lower()
        fits = len(last) >= _SHORTEST_NOUN and known.tells(last)
        bare = silent.isdisjoint(words) and units().keys().isdisjoint(words)
        return " ".join(words) if fits and bare else None
    if kind == "stands_for":
        return " ".join(words) if sum(letter.isupper() for letter in words[0]) > 1 else None
    if words[0].lower() in LEXICONS[language].articles.split("|"):
        return None  # "De Verenigde Staten" are no person
    role = re.compile(rf"(?:{LEXICONS[language].roles})$", re.IGNORECASE)
    while words and (words[0].lower() in silent or role.search(words[0])):
        del words[0]
    return " ".join(words) if len(words) > 1 else None
