"""Where the sentences of a text begin and end, and which lines are headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*|\r[^\S\r\n]*\r\s*")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(?P<words>.+?)\s*#*$")
_LOW_QUOTES = re.compile(r"(?<=[.!?])\s+(?=,,\w)")  # „ typed as two commas, unknown to the library
_ELIDED = re.compile(r"['’](?=[stnk]\b)", re.IGNORECASE)  # 's avonds, 't Gooi, 'n, 'k
_NEVER_LAST = re.compile(  # abbreviations that a sentence goes on after
    r"\b(o\.a|d\.w\.z|m\.b\.t|i\.p\.v|t\.o\.v|m\.n|i\.v\.m|t\.g\.v|t\.a\.v|n\.a\.v|a\.h\.v|z\.g"
    r"|bijv|ca|nr|blz|art|resp|e\.g|i\.e|no|pp?|vs)\.\s*$",
    re.IGNORECASE,
)
_LONGEST_HEADING = 100  # characters
_HARD_WRAP = 0.6  # a line shorter than this share of the longest one ends a paragraph


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or heading: `text[start:end]` without the white space around it.

    `heading` holds the words of the heading that the line is, if it is one.
    """

    start: int
    end: int
    heading: str | None = None


def split_sentences(text: str, *, language: str | None = None) -> list[Sentence]:
    r"""Return the sentences of a text, in order; together they hold all that is not blank.

    >>> text = "Kop\n\nNAVO-chef Stoltenberg ziet 's avonds o.a. 1.912 tanks. 't Is waar."
    >>> [text[s.start:s.end] for s in split_sentences(text, language="nl")]
    ['Kop', "NAVO-chef Stoltenberg ziet 's avonds o.a. 1.912 tanks.", "'t Is waar."]
    """
    found: list[Sentence] = []
    for start, end in _paragraphs(text):
        spans = list(_spans(text, start, end, language or "nl"))
        heading = _heading(text[start:end]) if len(spans) == 1 else None
        found += [Sentence(first, last, heading) for first, last in spans]
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between blank lines, cut at line ends that are no hard wraps."""
    at = 0
    for gap in _BLANK_LINES.finditer(text):
        yield from _lines(text, at, gap.start())
        at = gap.end()
    yield from _lines(text, at, len(text))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs of a block of lines.

    In text wrapped at a fixed width a sentence runs on over a line's end; a line that is much
    shorter than its neighbours, or is marked as a heading, ends where it ends.
    """
    lines = [
        (start + line.start(), start + line.end())
        for line in re.finditer(r"[^\r\n]+", text[start:end])
        if not line.group().isspace()
    ]
    longest = max((last - first for first, last in lines), default=0)
    begun: int | None = None
    for number, (first, last) in enumerate(lines):
        begun = first if begun is None else begun
        following = text[lines[number + 1][0] :][:1] if number + 1 < len(lines) else ""
        is_short = last - first < _HARD_WRAP * longest and not following.islower()
        if not following or is_short or _MARKDOWN_HEADING.match(text[first:last]):
            yield begun, last
            begun = None


def _heading(line: str) -> str | None:
    """Return the words of a heading: a short single line without end punctuation."""
    line = line.strip()
    marked = _MARKDOWN_HEADING.match(line)
    if marked:
        return marked["words"]
    is_heading = len(line) <= _LONGEST_HEADING and not _ENDS_SENTENCE.search(line)
    return line if is_heading and any(letter.isalpha() for letter in line) else None


def _spans(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one paragraph: the library's, mended where it errs on Dutch."""
    import sentencex

    cuts = [start]
    for boundary in sentencex.get_sentence_boundaries(language, text[start:end]):
        cut = start + boundary["start_index"]
        if text[:cut][-1:] in "'’" and _ELIDED.match(text, cut - 1):
            cut -= 1  # the apostrophe belongs to 's or 't, not to the sentence before
        # "c.s. kwam": no sentence begins with a small letter, save after an elision
        goes_on = text[cut : cut + 1].islower() or _NEVER_LAST.search(text, max(0, cut - 12), cut)
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
