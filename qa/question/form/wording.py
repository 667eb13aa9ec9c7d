"""Evens out the words of a question (case, slips, polite openings) and keeps their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.question.form.words import (
    KNOWN,
    OPENINGS,
    OPENINGS_BEFORE_CLAUSE,
    QUESTION_WORDS,
    REPORTING,
    SOFT_WORDS,
    SUBJECT_FIRST,
)

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_MISSPELT = 4
# Later words hold the subject; nothing changes there.
_SOFT_UNTIL = 4  # words
_PUT_RIGHT_UNTIL = 8
_GLUED = re.compile(rf"(wat|wie|hoe|waar|what|who|how)(is|was|did|does|zijn|werd|{REPORTING})\b")
_SLIPS = {
    "si": "is",
    "iz": "is",
    "wei": "wie",
    "wta": "wat",
    "waht": "what",
    "ohe": "hoe",
    "wen": "when",
    "hvl": "hoeveel",
    "wnr": "wanneer",
    "wrm": "waarom",
    "manny": "many",
}
_QUOTES = str.maketrans("’‘´`“”„", "''''\"\"\"")
_INITIAL = re.compile(r"\s[A-Z]$")  # "Wim Z." keeps its point
_AT_EDGES = " \t\r\n\"'¿¡?!.,;:…-–()[]"


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a question: `question[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in lower case, with known slips corrected and without its polite opening.

    `places` holds, for each character of `text` and for the end of `text`, the position in
    `question`. `is_clause` is set if the question depends on its opening ("Weet je of hij komt?"),
    so that the verb comes last.
    """

    question: str
    text: str
    places: tuple[int, ...]
    is_clause: bool = False

    def slice(self, start: int, end: int) -> Slice:
        """Return the part at `text[start:end]` as it was typed, without marks at its edges."""
        while start < end and self.text[start] in _AT_EDGES:
            start += 1
        while start < end and self.text[end - 1] in _AT_EDGES:
            end -= 1
        if start == end:
            return Slice(self.places[start], self.places[start], "")
        first, last = self.places[start], self.places[end - 1] + 1
        last += bool(
            _INITIAL.search(self.question[:last]) and self.question[last : last + 1] == "."
        )
        return Slice(first, last, self.question[first:last])

    @property
    def has_case(self) -> bool:
        """Tell whether capitals have a meaning: the question mixes capitals and small letters."""
        letters = [letter for letter in self.question[1:] if letter.isalpha()]
        return any(map(str.isupper, letters)) and not all(map(str.isupper, letters))


def word_question(question: str) -> Wording:
    """Return the wording that shows the form of a question.

    >>> word_question("Kun je me vertellen hoeveeel tanks er kwamen?").text
    'hoeveel tanks er kwamen'
    >>> word_question("WATZEI Poetin?").text
    'wat zei poetin'
    """
    whole = _put_right(question)
    first, last = _edges(whole.text)
    start, is_clause = _after_openings(whole.text[:last], first)
    return Wording(question, whole.text[start:last], whole.places[start : last + 1], is_clause)


def without_opening(question: str) -> str:
    """Return a question without its polite opening, whose words stand in no article.

    >>> without_opening("Kunt u mij vertellen wie de sluis bouwde?")
    'Wie de sluis bouwde?'
    >>> without_opening("De sluis, wie bouwde die?")
    'De sluis, wie bouwde die?'
    """
    whole = _put_right(question)
    first, last = _edges(whole.text)
    start = first
    while opening := _polite_opening(whole.text[:last], start):
        start = opening.end()
    rest = question[whole.places[start] :]
    return question if start == first else rest[:1].upper() + rest[1:]


def _edges(text: str) -> tuple[int, int]:
    stripped = text.strip(_AT_EDGES)
    first = text.find(stripped) if stripped else len(text)
    return first, first + len(stripped)


def _after_openings(text: str, start: int) -> tuple[int, bool]:
    """Return where the question itself begins, and whether it depends on its opening.

    A subject at the front ("De brand, waar was die?") counts as an opening.
    """
    is_clause = False
    while opening := _opening(text, start):
        is_clause = is_clause or opening.re is OPENINGS_BEFORE_CLAUSE
        start = opening.end()
    return start, is_clause


def _opening(text: str, start: int) -> re.Match[str] | None:
    return _polite_opening(text, start) or SUBJECT_FIRST.match(text, start)


def _polite_opening(text: str, start: int) -> re.Match[str] | None:
    return OPENINGS_BEFORE_CLAUSE.match(text, start) or OPENINGS.match(text, start)


def _put_right(question: str) -> Wording:
    """Return the question in lower case, with slips in its first words corrected."""
    lowered = "".join(one if len(one := letter.lower()) == 1 else letter for letter in question)
    lowered = lowered.translate(_QUOTES)
    text, places, done = "", [], 0
    for number, word in enumerate(_WORD.finditer(lowered)):
        right = _right(word.group(), number)
        if right == word.group():
            continue
        if not right and number == 0:
            continue  # the first word is not soft
        text += lowered[done : word.start()] + right
        places += [*range(done, word.start()), *_spread(word.start(), word.end(), len(right))]
        done = word.end() + (not right)  # also skip the space behind a word that is left out
    text += lowered[done:]
    places += range(done, max(done, len(lowered)) + 1)
    return Wording(question, text, tuple(places))


def _spread(start: int, end: int, length: int) -> list[int]:
    return [min(start + offset, end - 1) for offset in range(length)]


def _right(word: str, number: int) -> str:
    """Return the intended form of the `number`th word, if it is misspelt or two words in one.

    A soft word returns an empty text.
    """
    if number < _SOFT_UNTIL and word in SOFT_WORDS:
        return ""
    if number >= _PUT_RIGHT_UNTIL or word in KNOWN:
        return word
    if word in _SLIPS:
        return _SLIPS[word]
    if glued := _GLUED.fullmatch(word):
        return f"{glued[1]} {glued[2]}"
    if len(word) < _SHORTEST_MISSPELT:
        return word
    return next((each for each in QUESTION_WORDS if _is_slip_of(each, word)), word)


def _is_slip_of(right: str, word: str) -> bool:
    """Tell whether one letter is missing, doubled, wrong or misplaced.

    >>> _is_slip_of("hoeveel", "hoevele"), _is_slip_of("which", "watch")
    (True, False)
    """
    if right[0] != word[0] or abs(len(right) - len(word)) > 1:
        return False
    first = next((n for n, (a, b) in enumerate(zip(right, word, strict=False)) if a != b), None)
    if first is None:
        return True
    one, other = right[first:], word[first:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]
