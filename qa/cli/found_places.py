"""Reads which quotes a command found, from the JSON lines that it prints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qa.answer.records import TEXT
from qa.errors import SettingsError

_LARGEST = 2**53  # the numbers of a browser are exact up to here
_WHAT = (
    "give the lines of dateline ask, search, find or quotes list, with --json, or of a file of them"
)


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """The words that a line of JSON says to stand at a place, with a note if it has one.

    `is_match` tells that they are a match of a query, which is a part of what is worth quoting.
    """

    article_id: str
    field: str
    start: int
    end: int
    words: str
    note: str | None = None
    is_match: bool = False


def found_places(lines: Iterable[str]) -> Iterator[FoundPlace]:
    """Yield the places of each line: the citations of an answer, the passages of a search, a match.

    Raises:
        SettingsError: a line is none of these; the message has its number.

    >>> line = '{"article_id": "a", "field": "text", "start": 0, "end": 4, "match": "brug"}'
    >>> [(each.words, each.is_match) for each in found_places([line])]
    [('brug', True)]
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield from _places(json.loads(line))
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                raise SettingsError(f"line {number} holds no quotes; {_WHAT}") from error


def _places(told: Any) -> list[FoundPlace]:
    if not isinstance(told, dict):
        raise TypeError
    for several in ("citations", "passages"):  # an answer that abstains has passages too
        if several in told:
            return [_place(each) for each in told[several]]
    return [] if "error" in told else [_place(told)]


def _place(told: dict[str, Any]) -> FoundPlace:
    words: Any = next((told[name] for name in ("quote", "match", "text") if name in told), None)
    field, note = told.get("field", TEXT), told.get("note")
    texts = [told["article_id"], field, words, *([] if note is None else [note])]
    start, end = told["start"], told["end"]
    if not all(isinstance(each, str) for each in texts):
        raise TypeError
    if not all(type(each) is int and 0 <= each < _LARGEST for each in (start, end)):
        raise TypeError
    is_match = "match" in told
    return FoundPlace(told["article_id"], field, start, end, words, note=note, is_match=is_match)
