"""The names and numbers in a question."""

from __future__ import annotations

import re

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
