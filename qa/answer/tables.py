"""Reads a row of a table under its head: "Product | Jumbo | Lidl" over "Melk | 1,13 | 1,09".

A list with a value in brackets behind each name, "Veendam (13), Emmen (10)", is such a row too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from qa.text.names import CAPITAL

# Neither takes in white space, in long runs of which a pattern would search again and again.
_BETWEEN = re.compile(r"(?<=\s)\|(?=\s)|\t")
_ASIDE = re.compile(r"\([^()]*\)$")  # behind a value: an earlier one, or a remark
_PARTICLES = r"(?:(?:van|voor|de|der|den|het|ter|ten|of|the)\s){0,3}"
_LISTED = re.compile(
    rf"(?<!\w)(?P<name>{CAPITAL}(?:\s{_PARTICLES}{CAPITAL}){{0,4}})"
    r"\s\((?P<value>\d[^()\n]{0,30})\)"
)
_JOINED = re.compile(r",?\s(?:(?:en|and|of|or)\s)?")  # what stands between the members of a list


def value_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the place of the value in brackets behind the name that a question names.

    The place itself is returned where it is no such value, or where the question names none or
    several of the names in its line.

    >>> told = "Zetels: Dorpsbelang (7), CDV (4), VVB (1)."
    >>> begin, stop = value_asked_for(told, 21, 22, "Hoeveel zetels heeft de CDV?")
    >>> told[begin:stop]
    '4'
    """
    first, last = _row_at(text, start, end)
    listed = list(_LISTED.finditer(text, first, last))
    # A reader often marks the brackets as well.
    own = [each for each in listed if each.end("name") < start and end <= each.end()]
    named = [each for each in listed if _names(question, each["name"])]
    if len(own) != 1 or len(named) != 1:
        return start, end
    at, to = sorted((listed.index(own[0]), listed.index(named[0])))
    for one, other in pairwise(listed[at : to + 1]):
        if not _JOINED.fullmatch(text, one.end(), other.start()):
            return start, end  # two remarks in a text, and no list
    return named[0].span("value")


def cell_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    r"""Return the place in the same row, under the column that a question names.

    The place itself is returned where it is in no row of a table that begins with a head, where the
    question names its column, or where it names none or several of the others.

    >>> table = "Product | Jumbo | Lidl\nMelk | 1,13 (0,95) | 1,09 (0,89)"
    >>> begin, stop = cell_asked_for(table, 30, 41, "Wat kost melk bij Lidl?")
    >>> table[begin:stop]
    '1,09'
    """
    row = _row_at(text, start, end)
    cells = list(_cells(text, *row))
    own = [n for n, (begin, stop) in enumerate(cells) if begin <= start and end <= stop]
    if len(own) != 1 or own[0] == 0:
        return start, end  # the first cell tells what the row is of
    head = _head_of(text, row[0], len(cells))
    named = [n for n, name in enumerate(head) if n and _names(question, name)]
    if len(named) != 1 or named == own:
        return start, end
    begin, stop = cells[named[0]]
    if begin == stop:
        return start, end  # an empty cell cannot be quoted
    aside = _ASIDE.search(text, begin, stop)
    return _stripped(text, begin, aside.start() if aside and aside.start() > begin else stop)


def _row_at(text: str, start: int, end: int) -> tuple[int, int]:
    stop = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, stop if stop >= 0 else len(text)


def _cells(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the cells of one line, without the white space around them."""
    for cut in _BETWEEN.finditer(text, start, end):
        yield _stripped(text, start, cut.start())
        start = cut.end()
    yield _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return first, max(first, start + len(words.rstrip()))


def _head_of(text: str, at: int, count: int) -> list[str]:
    """Return the first row of the table whose row at this place has so many cells."""
    head: list[str] = []
    while at > 0:
        end = at - 1
        at = text.rfind("\n", 0, end) + 1
        cells = [text[begin:stop] for begin, stop in _cells(text, at, end)]
        if len(cells) != count:
            break
        head = cells
    return head


def _names(question: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE))
