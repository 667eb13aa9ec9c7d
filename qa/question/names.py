"""The names and numbers in a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index_store.analysis.terms import QuestionTerm, question_terms
from qa.text.names import listed_names, other_spellings

_WORD = re.compile(r"\d[\d.,]*|\b[^\W\d_]\w*")


def names_in(question: str) -> tuple[str, ...]:
    """Return the words of a question with a capital or digits, in lower case.

    The first word always has a capital, so it only counts if it is a number.

    >>> names_in("Hoeveel tanks stuurde Frankrijk in 2014?")
    ('frankrijk', '2014')
    """
    return tuple(
        word.rstrip(".,").casefold()
        for number, word in enumerate(_WORD.findall(question))
        if word[0].isdigit() or (number and word[0].isupper())
    )


def name_terms(question: str) -> tuple[QuestionTerm, ...]:
    """Return a term for each name and number of a question, with all its spellings.

    >>> [term.alternatives for term in name_terms("Does the US warn Putin?")]
    [('us', 'amerika', 'vs', 'usa'), ('putin', 'poetin')]
    """
    listed = listed_names(question)
    taken = {word for name in listed for word in names_in(f"x {name}")}
    others = [word for word in names_in(question) if word not in taken]
    found = (_spelled(name) for name in (*listed, *others))
    return tuple(term for term in dict.fromkeys(found) if term.alternatives)


def with_spellings(
    terms: Sequence[QuestionTerm], names: Sequence[QuestionTerm]
) -> tuple[QuestionTerm, ...]:
    """Return the terms of a question, with the names among them in all their spellings.

    A name of several words, such as "United States", keeps a term for each, and gets one more.
    """
    known = {each: name for name in names for each in name.alternatives}
    found = []
    for term in terms:
        name = next((known[each] for each in term.alternatives if each in known), None)
        spelled = (*term.alternatives, *(name.alternatives if name else ()))
        found.append(replace(term, alternatives=tuple(dict.fromkeys(spelled))))
    held = {each for term in found for each in term.alternatives}
    return (*found, *(name for name in names if held.isdisjoint(name.alternatives)))


def _spelled(name: str) -> QuestionTerm:
    """Return what finds a name in each of its spellings that is one word."""
    words = [
        [term for term in question_terms(each) if term.weight == 1.0]
        for each in (name, *other_spellings(name))
    ]
    single = [each for terms in words if len(terms) == 1 for each in terms[0].alternatives]
    return QuestionTerm(tuple(dict.fromkeys(single)))


_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’-]+(?:\s+[^\W\d_a-zß-öø-ÿ][\w'’-]+)*")


def names_as_written(question: str) -> list[str]:
    """Return the names in a question as written, each in one piece.

    The first word of the question may have a capital, or be all capitals, without being a name.

    >>> names_as_written("Wie is Kamala Harris van de NAVO?")
    ['Kamala Harris', 'NAVO']
    """
    opening = len(question) - len(question.lstrip(" \"'“„‘"))
    return [
        match.group()
        for match in _NAME.finditer(question)
        if match.start() > opening and not question.isupper()
    ]
