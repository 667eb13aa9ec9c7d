"""Where quotation marks open and close in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_QUOTATION = 1500  # characters; a mark that closes later belongs to another quotation
HIDDEN = "¤"  # stands for each letter of a quotation where only the words around it count
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
    """Words between quotation marks: `text[start:end]`, with the marks `text[opens:closes]`."""

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
    searched = dict.fromkeys(_CLOSERS, 0)  # no mark that closes stands further up: never look twice
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
    """Return the text, equally long, with the words of its quotations made unreadable.

    Marks that open and never close become spaces: thousands of them would hold up the library
    that splits sentences. The last full stop of a quotation stays if the sentence around it
    ends there too.

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
    """Tell whether what follows a closing mark begins a new sentence."""
    following = text[at : at + 3]
    return not following.strip() or (following[0].isspace() and not following.strip()[0].islower())
