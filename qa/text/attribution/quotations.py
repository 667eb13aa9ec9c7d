"""Finds where quotation marks open and close in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_QUOTATION = 1500  # characters; a mark that closes later belongs to another quotation
HIDDEN = "¤"  # replaces each character of a quotation when only the words around it count
_OPENERS = re.compile(r",,(?=\w)|[„“\"«‘]|(?<![\w'’])['’](?=\w)(?!(?:[stnk]|n|m)\b)")
_CLOSERS = {
    ",,": re.compile(r"''|[”“\"]"),
    "„": re.compile(r"[”“\"]"),
    "“": re.compile(r"[”\"]"),
    '"': re.compile(r'"'),
    "«": re.compile(r"»"),
    "‘": re.compile(r"’(?!\w)"),
    "'": re.compile(r"(?<=\S)'(?!\w)"),
    "’": re.compile(r"(?<=\S)’(?!\w)"),
}
_STRAY = str.maketrans("„“‘«", "    ")
_BLANK_LINE = re.compile(r"[\r\n][^\S\r\n]*[\r\n]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks: `text[start:end]`, or `text[opens:closes]` with the marks."""

    opens: int
    start: int
    end: int
    closes: int


def quotations(text: str) -> tuple[Quotation, ...]:
    """Return the outermost quotations of a text, in order; none crosses a blank line.

    >>> text = "„Hij riep 'stop'”, zei Anna over 's avonds."
    >>> [text[q.start:q.end] for q in quotations(text)]
    ["Hij riep 'stop'"]
    """
    return tuple(_quotations(text))


def _quotations(text: str) -> Iterator[Quotation]:
    at, paragraph = 0, -1
    # No closing mark of that kind stands before this place, so no stretch is searched twice.
    searched = dict.fromkeys(_CLOSERS, 0)
    while opener := _OPENERS.search(text, at):
        at = opener.end()
        if paragraph < at:
            blank = _BLANK_LINE.search(text, at)
            paragraph = blank.start() if blank else len(text)
        kind, limit = opener.group(), min(paragraph, at + LONGEST_QUOTATION)
        closer = _CLOSERS[kind].search(text, max(at + 1, searched[kind]), limit)
        if closer:
            yield Quotation(opener.start(), at, closer.start(), closer.end())
            at = closer.end()
        else:
            searched[kind] = max(searched[kind], limit - 1)


def hide_quotations(text: str, found: tuple[Quotation, ...]) -> str:
    """Return a text of the same length, with the words of its quotations made unreadable.

    Marks that open and never close become spaces, because thousands of them would slow down the
    library that splits sentences. The last full stop of a quotation stays if the sentence around
    the quotation ends there too.

    >>> hide_quotations('"Nee. Echt." Dat zei ze.', quotations('"Nee. Echt." Dat zei ze.'))
    '"¤¤¤¤¤¤¤¤¤." Dat zei ze.'
    """
    pieces: list[str] = []
    at = 0
    for quotation in found:
        length = quotation.end - quotation.start
        keeps = text[quotation.end - 1] in ".!?…" and _sentence_ends(text, quotation.closes)
        pieces += [text[at : quotation.opens].translate(_STRAY)]
        pieces += [text[quotation.opens : quotation.start], HIDDEN * (length - keeps)]
        pieces += [text[quotation.end - keeps : quotation.closes]]
        at = quotation.closes
    return "".join([*pieces, text[at:].translate(_STRAY)])


def _sentence_ends(text: str, at: int) -> bool:
    """Tell whether the text after a closing mark begins a new sentence."""
    following = text[at : at + 3]
    return not following.strip() or (following[0].isspace() and not following.strip()[0].islower())
