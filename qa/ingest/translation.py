"""What the ingest says of files, in the language of a reader.

Reasons and notes are made in English, with names and numbers of the files in them. `nl.po` holds
their Dutch words; the names in braces there stand for what differs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent
_LONGEST = 2000  # characters; a longer text holds more of a file than words of ours
_MOST_PLACES = 10  # before a reason, as in "a.zip: b.csv, line 3: …"
_PLACE = "place"
_HOLE = re.compile(r"\{(\w+)\}")
_LINE = re.compile(r", line (\d+)\Z")
_NUMBERS = frozenset(
    {
        "blank",
        "bodies",
        "character",
        "columns",
        "count",
        "entries",
        "first",
        "found",
        "last",
        "line",
    }
    | {"listed", "longest", "most", "number", "others", "seconds", "size", "stated", "times"}
    | {"total", "wanted"}
)
_REASON = "reason"  # what stands there is another text of ours
_PERHAPS_OURS = frozenset(("custom", "error", "kind", "language", "order", "remedy", "what"))


@dataclass(frozen=True, slots=True)
class _Message:
    """A text with holes, as a pattern, and its translation."""

    pattern: re.Pattern[str]
    words: str
    is_place: bool
    literal: int  # characters outside the holes; the more there are, the surer is a match


@lru_cache(2048)
def translated(text: str, language: str) -> str | None:
    """Return what the ingest says in another language; `None` if there are no words for it.

    Names of files before it stay as they are, and so do names and values in it.

    >>> translated("krant.csv, line 3: the date cannot be read: '9/9/9' is not a date; write it as "
    ...            "2021-12-17, 2021-12 or 2021", "nl")
    "krant.csv, regel 3: de datum kan niet worden gelezen: '9/9/9' is geen datum; schrijf die als \
2021-12-17, 2021-12 of 2021"
    >>> translated("something else", "nl")
    """
    if language == "en":
        return text
    if len(text) > _LONGEST or not (_HERE / f"{language}.po").is_file():
        return None
    places = text.split(": ")
    for at in range(min(len(places), _MOST_PLACES)):
        found = _filled(": ".join(places[at:]), language)
        if found is not None:
            return ": ".join([*(_place(each, language) for each in places[:at]), found])
    return None


def _place(text: str, language: str) -> str:
    """Return a place before a reason: a record by its number, or a file with perhaps a line."""
    return _filled(text, language, is_place=True) or _LINE.sub(r", regel \1", text)


def _filled(text: str, language: str, *, is_place: bool = False) -> str | None:
    """Return the translation of the message that a whole text fits, with its holes filled."""
    for message in _messages(language):
        match = message.pattern.fullmatch(text) if message.is_place is is_place else None
        filled = _with_values(message, match.groupdict(), language) if match else None
        if filled is not None:
            return filled
    return None


def _with_values(message: _Message, texts: dict[str, str], language: str) -> str | None:
    values = {name: _value(name, text, language) for name, text in texts.items()}
    told = {name: value for name, value in values.items() if value is not None}
    if len(told) < len(values):
        return None
    return _HOLE.sub(lambda hole: told[hole[1]], message.words)


def _value(name: str, text: str, language: str) -> str | None:
    """Return what goes into a hole; `None` if that must be a text of ours, and is none."""
    if name == _REASON:
        return _filled(text, language)
    if name in _PERHAPS_OURS:
        return _filled(text, language) or text
    return text.replace(",", ".") if name in _NUMBERS else text


@lru_cache(8)
def _messages(language: str) -> tuple[_Message, ...]:
    """Return the messages of a language, the surest to match first."""
    from babel.messages.pofile import read_po

    with (_HERE / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    found = [
        _message(each.id, str(each.string), each.context)
        for each in catalog
        if isinstance(each.id, str) and each.id and each.string
    ]
    return tuple(sorted(found, key=lambda message: -message.literal))


def _message(text: str, words: str, context: str | None) -> _Message:
    pieces = _HOLE.split(text)
    pattern = "".join(
        _hole(piece, is_first=at == 1 and not pieces[0]) if at % 2 else re.escape(piece)
        for at, piece in enumerate(pieces)
    )
    literal = sum(map(len, pieces[::2]))
    return _Message(re.compile(pattern, re.DOTALL), words, context == _PLACE, literal)


def _hole(name: str, *, is_first: bool) -> str:
    """Return the pattern of a hole; one at the start takes no place before it with it."""
    if name in _NUMBERS:
        return rf"(?P<{name}>[\d.,]+)"
    return rf"(?P<{name}>(?:(?!: ).)+?)" if is_first and name != _REASON else rf"(?P<{name}>.+?)"
