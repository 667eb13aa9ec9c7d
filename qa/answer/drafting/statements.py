"""Reads statements, "k7: words", in what a language model writes, character by character.

A model that follows our JSON schema writes {"id": "k7", "words": "…"} in place of a line. One
reader reads both, since a server may ignore the schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

NOTHING = "0"
"""The id of the statement that no sentence answers."""

# Bullets, numbers and marks such as "**k7**:" may stand around an id. Digits of other scripts make
# no id; with `re.IGNORECASE` the Kelvin sign would be a "k".
_BEFORE = r"[\s>*•-]*(?:[0-9]{1,2}[.)]\s+)?[*`_\[(\"'“‘]*"
_AFTER = r"[*`_\])\"'”’]*\s*"
_ID = r"[A-Za-z][0-9]{1,3}"
_LINE = re.compile(rf"{_BEFORE}(?P<id>{_ID}){_AFTER}:(?P<words>.*)", re.DOTALL)
_NONE = re.compile(rf"{_BEFORE}0{_AFTER}(?:[.:]?|[.:]\s.*)\s*")
_OBJECT = re.compile(r"\{\s*\"id\"\s*:\s*\"(?P<id>[^\"\\]*)\"")


@dataclass(frozen=True, slots=True)
class Statement:
    """An id in small letters with the words behind it; the id "0" says that nothing answers."""

    id: str
    words: str = ""


class StatementReader:
    """Reads statements from characters; the pieces in which they come make no difference."""

    def __init__(self) -> None:
        self._line = ""
        self._json = ""
        self._opened: list[int] = []  # where the objects in `_json` begin that have no end yet
        self._in_string = False

    def feed(self, character: str) -> Iterator[Statement]:
        """Take one character; yield the statement that it completes."""
        if self._opened:
            yield from self._feed_json(character)
        elif character in "\r\n":
            line, self._line = self._line, ""
            yield from read_line(line)
        elif character == "{" and not _LINE.match(self._line):
            self._line, self._json, self._opened = "", "{", [0]
        else:
            self._line += character

    def finish(self, *, is_cut: bool) -> Iterator[Statement]:
        """Yield the statement that was not completed; if it `is_cut`, only its id counts."""
        if self._opened:
            begun = _OBJECT.match(self._json, self._opened[-1])
            found = [Statement(begun["id"].lower())] if begun and _is_id(begun["id"]) else []
        else:
            found = list(read_line(self._line))
            found = [Statement(each.id) for each in found] if is_cut else found
        self._line, self._json, self._opened = "", "", []
        yield from found

    def _feed_json(self, character: str) -> Iterator[Statement]:
        before, self._json = self._json, self._json + character
        if self._in_string:
            # A quotation mark behind an odd number of backslashes belongs to the string.
            slashes = len(before) - len(before.rstrip("\\"))
            self._in_string = character != '"' or slashes % 2 == 1
        elif before.rstrip()[-1:] == "{" and not character.isspace() and character not in '"}':
            yield from self._leave_json(before.rpartition("{")[2] + character)
        elif character == '"':
            self._in_string = True
        elif character == "{":
            self._opened.append(len(before))
        elif character == "}":
            yield from _read_object(self._json[self._opened.pop() :])

    def _leave_json(self, rest: str) -> Iterator[Statement]:
        """Go on with lines: what looked like an object is a brace in a text."""
        self._json, self._opened = "", []
        for character in rest:
            yield from self.feed(character)


def read_line(line: str) -> Iterator[Statement]:
    """Yield the statement that a line makes, if it makes one.

    >>> list(read_line("- **K7**: tot wel 7000"))
    [Statement(id='k7', words=' tot wel 7000')]
    >>> list(read_line("Let op: dit is k7"))
    []
    """
    named = _LINE.fullmatch(line)
    if named:
        yield Statement(named["id"].lower(), named["words"])
    elif _NONE.fullmatch(line):
        yield Statement(NOTHING)


def _is_id(text: str) -> bool:
    return text == NOTHING or bool(re.fullmatch(_ID, text))


def _read_object(text: str) -> Iterator[Statement]:
    """Yield the statement of a JSON object; an empty list of quotes says that nothing answers."""
    try:
        read = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    name, words = read.get("id"), read.get("words")
    if isinstance(name, str) and _is_id(name.strip()):
        yield Statement(name.strip().lower(), words if isinstance(words, str) else "")
    elif read.get("quotes") == []:
        yield Statement(NOTHING)
