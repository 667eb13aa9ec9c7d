"""The names and numbers in a question."""

from __future__ import annotations

import re

_WORD = re.compile(r"\d[\d.,]*|\b[^\W\d_]\w*")


def names_in(question: str) -> tuple[str, ...]:
    """Return what stands in a question with a capital or in digits, in lower case.

    The first word has a capital anyway, so it only counts as a number.

    >>> names_in("Hoeveel tanks stuurde Frankrijk in 2014?")
    ('frankrijk', '2014')
    """
    return tuple(
        word.rstrip(".,").casefold()
        for number, word in enumerate(_WORD.findall(question))
        if word[0].isdigit() or (number and word[0].isupper())
    )
