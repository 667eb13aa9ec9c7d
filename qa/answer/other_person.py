"""Holds the person that answers against the persons whom a question names."""

from __future__ import annotations

import re

from index_store.analysis.language import FUNCTION_WORDS
from index_store.records import Article
from qa.question.expected import ExpectedAnswer
from qa.question.form.words import ROLES
from qa.question.inquiry import Inquiry
from qa.question.kind import AnswerKind

_REACH = 60  # characters before an age, in which its person may stand
_FUNCTION_WORDS = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]  # "The Hague" is nobody
_AGE_OF_NAME = re.compile(r"(?i:hoe oud (?:is|was)|how old (?:is|was)|leeftijd van)\s(?=[A-ZÀ-Þ])")
_NAME_BEFORE = re.compile(r"((?:[A-ZÀ-Þ][\w'’-]*\.?\s)+)\($")  # "Kevin H. (" of "(30)"
_SURNAME_PARTS = r"(?:(?:van|de|der|den|ter|ten|von|el|al|di|da)\s)*"
# Not the word that opens the question: it has a capital anyway.
_FULL_NAME = re.compile(
    rf"(?<=[\w,] )([A-ZÀ-Þ][\w'’-]*[a-zß-ÿ])\s{_SURNAME_PARTS}([A-ZÀ-Þ][\w'’-]*[a-zß-ÿ])\b"
)
_LAST_NAME = re.compile(rf"(?:\b([A-ZÀ-Þ][\w'’-]*)\s{_SURNAME_PARTS})?\b([A-ZÀ-Þ][\w'’-]*\w)(?!\.)")
_ASKS_FOR_KIN_OR_NAME = re.compile(
    r"\b(?:(?:ex-?|schoon|klein|groot|stief)?(?:vrouw|man|echtgeno\w+|partner|vader|moeder|ouders?"
    r"|zoon|dochter|kind(?:eren)?|broers?|zus(?:sen|je|ter)?|familie\w*|neef|nicht|oom|tante|weduwe)"
    r"|opa|oma|heet|heette|heten|naam|wife|husband|spouse|father|mother|parents?|son|daughter"
    r"|child(?:ren)?|brothers?|sisters?|family|cousin|uncle|aunt|widow|name[ds]?|called)\b",
    re.IGNORECASE,
)


def is_of_another_person(
    inquiry: Inquiry, article: Article, sentence: str, place: tuple[int, int]
) -> bool:
    """Tell whether an answer is of a namesake, the age of another, or whom the question names."""
    return (
        _is_age_of_another(inquiry, sentence, place[0])
        or _is_in_the_question(inquiry, sentence[slice(*place)])
        or any(_is_namesake(*name, article) for name in _full_names(inquiry.asked))
    )


def _is_age_of_another(inquiry: Inquiry, sentence: str, start: int) -> bool:
    """Tell whether an age in brackets stands behind the name of somebody who is not asked of."""
    before = _NAME_BEFORE.search(sentence[max(0, start - _REACH) : start])
    if not before or not _AGE_OF_NAME.match(inquiry.asked):
        return False
    asked = {each.lower() for each in inquiry.names}
    words = {each.lower() for each in re.findall(r"\w{2,}", before[1])}  # not the H. of "Kevin H."
    return bool(asked and words) and asked.isdisjoint(words)


def _is_in_the_question(inquiry: Inquiry, answer: str) -> bool:
    """Tell whether "wie" is answered with somebody whom the question names itself.

    "Wie was aanvoerder toen Bansa geschorst was?" does not ask for Rico Bansa. Kin share a surname.
    """
    is_asked = inquiry.kind is AnswerKind.FACT and inquiry.expected is ExpectedAnswer.PERSON
    if not is_asked or _ASKS_FOR_KIN_OR_NAME.search(inquiry.asked):
        return False
    *_, (first, last) = _LAST_NAME.findall(answer) or [("", "")]
    # Not the first word of the question: it has a capital anyway.
    asked = [each for each in _LAST_NAME.findall(inquiry.asked[1:]) if last and each[1] == last]
    return any(not first or not each[0] or first == each[0] for each in asked)


def _full_names(question: str) -> list[tuple[str, str]]:
    """Return the first and last names of whoever is named in full.

    >>> _full_names("Wat zei Jan van den Berg in The Hague?")
    [('Jan', 'Berg')]
    """
    found = [] if question.isupper() else _FULL_NAME.findall(question)
    return [(first, last) for first, last in found if first.lower() not in _FUNCTION_WORDS]


def _is_namesake(first: str, last: str, article: Article) -> bool:
    """Tell whether an article has somebody of the surname, but with another first name only."""
    text = f"{article.title or ''}\n{article.text}"
    if re.search(rf"\b{re.escape(first)}\b", text):
        return False
    before: list[str] = re.findall(
        rf"\b([A-ZÀ-Þ][a-zß-ÿ]+)\s{_SURNAME_PARTS}{re.escape(last)}\b", text
    )
    return any(
        not re.fullmatch(ROLES, word, re.IGNORECASE) and word.lower() not in _FUNCTION_WORDS
        for word in before
    )
