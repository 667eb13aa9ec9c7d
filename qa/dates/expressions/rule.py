"""A rule: a template of words, and what a match of it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from qa.dates.expressions.reading import DateMeaning
from qa.dates.expressions.vocabulary import DateVocabulary


@dataclass(frozen=True, slots=True)
class Parts:
    """The named pieces of a match, with the vocabulary that gives them their values."""

    match: re.Match[str]
    words: DateVocabulary

    def has(self, name: str) -> bool:
        """Tell whether the piece took part in the match."""
        return self.match.groupdict().get(name) is not None

    def text(self, name: str) -> str:
        """Return the piece as it was matched, or "" if it took no part."""
        return self.match.groupdict().get(name) or ""

    def number(self, name: str) -> int:
        """Return the number of a piece."""
        return self.words.number(self.text(name))

    def value(self, table: str, name: str | None = None) -> str:
        """Return what a piece's word stands for."""
        return str(self.words.value(table, self.text(name or table.replace("_", ""))))

    def is_plural(self, name: str) -> bool:
        """Tell whether the word for a unit is a plural."""
        return self.text(name).endswith(("en", "s", "ia"))

    def month(self, name: str = "month") -> int:
        """Return the number of a month by name."""
        return _named(self.words, "month", self.text(name))

    def weekday(self, name: str = "weekday") -> int:
        """Return the number of a day of the week by name; Monday is 0."""
        return _named(self.words, "weekday", self.text(name))

    def year(self, name: str = "yyyy") -> int:
        """Return the year; one of two digits lies within 1930 through 2029."""
        digits = self.text(name).strip("'")
        return int(digits) if len(digits) > 2 else 2000 + int(digits) - 100 * (int(digits) >= 30)


def _named(words: DateVocabulary, kind: str, word: str) -> int:
    name = word.rstrip(".")
    table = words.tables[f"{kind}_name"]
    return int(table[name] if name in table else words.tables[f"{kind}_short"][name])


@dataclass(frozen=True, slots=True)
class Rule:
    """A template (see `DateVocabulary.compile`) and what a match of it means."""

    template: str
    build: Callable[[Parts], DateMeaning | None]
