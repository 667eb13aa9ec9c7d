"""Finds where the sentences of a text begin and end, and which lines are headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*|\r[^\S\r\n]*\r\s*")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s[^\n]")
_HEADING_MARKS = re.compile(r"#{1,6}\s+")
# The library does not know „ typed as two commas.
_LOW_QUOTES = re.compile(r"(?<=[.!?])\s+(?=,,\S)")
_ELIDED = re.compile(r"['’](?=[stnk]\b)", re.IGNORECASE)  # 's avonds, 't Gooi, 'n, 'k
_NEVER_LAST = re.compile(  # abbreviations that never end a sentence
    r"\b(o\.a|d\.w\.z|m\.b\.t|i\.p\.v|t\.o\.v|m\.n|i\.v\.m|t\.g\.v|t\.a\.v|n\.a\.v|a\.h\.v|z\.g"
    r"|bijv|ca|nr|blz|art|resp|e\.g|i\.e|no|pp?|vs)\.\s*$",
    re.IGNORECASE,
)
_LONGEST_HEADING = 100  # characters
# A row: cells between bars or tabs, or a list item with its mark.
_ROW = re.compile(r"[^\S\r\n]*(?:[-–*•‣▪◦]\s|\d{1,3}[.)]\s)|[^\r\n]*?(?:\s\|\s|\t)\S")
_FIGURE = re.compile(r"\d")
# The number of an item in a list within a line: "Stand: 1. Ajax 57; 2. PSV 51".
_ITEM_NUMBER = re.compile(r"(?:^|[:;\r\n])\s*\d{1,3}[.)]\s*$")
# The library gets no more characters at once, and its boundaries near the end of them do not count.
_LONGEST_WINDOW = 4000
_LOOK_AHEAD = 200
_LOOK_BACK = 1000  # the next window starts no further before the end of the last one
_FEWEST_ROWS = 2  # lines without end punctuation; a single one may be a heading
_WRAPPED_ALIKE = 0.8  # wrapped lines are nearly as long as the longest one
_HARD_WRAP = 0.6  # a line shorter than this share of the longest one ends a paragraph


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or heading: `text[start:end]`, without the white space around it.

    `heading` holds the words of a heading, and is None for a sentence.
    """

    start: int
    end: int
    heading: str | None = None


def split_sentences(text: str, *, language: str | None = None) -> list[Sentence]:
    r"""Return the sentences of a text, in order; together they hold all text that is not blank.

    >>> text = "Kop\n\nNAVO-chef Stoltenberg ziet 's avonds o.a. 1.912 tanks. 't Is waar."
    >>> [text[s.start:s.end] for s in split_sentences(text, language="nl")]
    ['Kop', "NAVO-chef Stoltenberg ziet 's avonds o.a. 1.912 tanks.", "'t Is waar."]
    """
    found: list[Sentence] = []
    for start, end, heading in _paragraphs(text):
        spans = list(_spans(text, start, end, language or "nl"))
        words = heading if len(spans) == 1 else None
        found += [Sentence(first, last, words) for first, last in spans]
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield paragraphs, each with its words as a heading, or None if it is no heading.

    A paragraph ends at a blank line, and at a line end that is no hard wrap. Each line of a table
    or list is its own paragraph and no heading.
    """
    at = 0
    for gap in [*_BLANK_LINES.finditer(text), None]:
        stop = gap.start() if gap else len(text)
        block = [
            (at + line.start(), at + line.end())
            for line in re.finditer(r"[^\r\n]+", text[at:stop])
            if not line.group().isspace()
        ]
        is_list = _is_list(text, block)
        for start, end in _lines(text, block, is_list=is_list):
            is_row = is_list or bool(_ROW.match(text, start, end))
            line = text[start:end].strip()
            may_be = not is_row or _marked_words(line) is not None
            yield start, end, _heading(line) if may_be else None
        at = gap.end() if gap else at


def _lines(
    text: str, lines: Sequence[tuple[int, int]], *, is_list: bool
) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs of a block of lines.

    In text wrapped at a fixed width, a sentence runs on past the end of a line. A paragraph ends
    after a line that is much shorter than the longest one, that is marked as a heading, or that is
    a row of a table or list.
    """
    longest = max((last - first for first, last in lines), default=0)
    begun: int | None = None
    for (first, last), following in zip_longest(lines, lines[1:]):
        begun = first if begun is None else begun
        if following is None:
            yield begun, last
            return
        is_short = last - first < _HARD_WRAP * longest or _ROW.match(text, first, last)
        if (
            (is_short and not text[following[0]].islower())
            or is_list
            or _MARKDOWN_HEADING.match(text[first:last])
            or _ROW.match(text, *following)
        ):
            yield begun, last
            begun = None


def _is_list(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    """Tell whether lines are the rows of a list, and not text wrapped at a fixed width.

    At least two rows end without punctuation, and no small letter follows them. These rows differ
    in length, or each of them holds a figure.
    """
    broken = [each for each in lines if not _ENDS_SENTENCE.search(text[slice(*each)])]
    ends = {last for _, last in broken}
    begins = [text[following[0]] for line, following in pairwise(lines) if line[1] in ends]
    if len(broken) < _FEWEST_ROWS or any(letter.islower() for letter in begins):
        return False
    if all(_FIGURE.search(text, *line) for line in broken):
        return True
    lengths = [last - first for first, last in broken if (first, last) != lines[-1]]
    return min(lengths) < _WRAPPED_ALIKE * max(lengths)


def _heading(line: str) -> str | None:
    """Return the words of a heading (a short line without end punctuation), or None."""
    marked = _marked_words(line)
    if marked is not None:
        return marked
    is_heading = len(line) <= _LONGEST_HEADING and not _ENDS_SENTENCE.search(line)
    return line if is_heading and any(letter.isalpha() for letter in line) else None


def _marked_words(line: str) -> str | None:
    """Return the words of a Markdown heading without its marks ("# Kop ##"), or None."""
    marks = _HEADING_MARKS.match(line)
    if marks is None:
        return None
    rest = line[marks.end() :]
    words = rest.rstrip("#").rstrip() or rest[:1]
    return words if words and "\n" not in words else None


def _spans(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one paragraph, and correct the library's mistakes in Dutch."""
    cuts = [start]
    for boundary in _boundaries(text, start, end, language):
        # An apostrophe before it belongs to 's or 't, not to the previous sentence.
        is_elided = text[boundary - 1] in "'’" and _ELIDED.match(text, boundary - 1)
        cut = boundary - 1 if is_elided else boundary
        # "c.s. kwam": no sentence begins with a small letter, except after an elision
        before = text[max(start, cut - 12) : cut]
        goes_on = (
            text[cut : cut + 1].islower()
            or _NEVER_LAST.search(before)
            or _ITEM_NUMBER.search(before)
        )
        if cut > cuts[-1] and not goes_on:
            cuts.append(cut)
    cuts += [gap.end() for gap in _LOW_QUOTES.finditer(text, start, end)]
    cuts = [*sorted(set(cuts)), end]
    for first, last in pairwise(cuts):
        words = text[first:last]
        stripped = words.strip()
        if stripped:
            begin = first + len(words) - len(words.lstrip())
            yield begin, begin + len(stripped)


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield where the library sees a sentence of a paragraph begin, but for the first one.

    The library looks for the end of each quotation as far as the text goes, so its time grows with
    the square of a paragraph full of marks that never close. A long paragraph is given to it in
    windows. The next window starts at a boundary, where no quotation is open.
    """
    import sentencex

    while start < end:
        stop = min(end, start + _LONGEST_WINDOW)
        found = sentencex.get_sentence_boundaries(language, text[start:stop])
        last_known = stop if stop == end else stop - _LOOK_AHEAD
        begins = [start + each["start_index"] for each in found if each["start_index"]]
        begins = [begin for begin in begins if begin <= last_known]
        yield from begins
        start = end if stop == end else max([stop - _LOOK_BACK, *begins[-1:]])
