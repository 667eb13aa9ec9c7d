"""What a reader found out about one file: decisions told once, and fields that were not used."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa.dates.columns import OpenOrder
    from qa.dates.stated import DateReading

_MOST_NAMES = 200  # of fields in a file; a file with more names each record anew
_LONGEST_EXAMPLE = 60


@dataclass(frozen=True, slots=True)
class UnusedField:
    """A column or field that no part of an article was made of, and a value of it.

    `path` is the first file that has it, and `files` the number of such files.
    """

    name: str
    example: str
    path: str
    files: int = 1


@dataclass(frozen=True, slots=True)
class OpenDates:
    """Dates of which nothing shows the order of day and month, and how they were read.

    `orders` are those in which they can be read: "dmy", "mdy", "ymd". `path` is the first file that
    has them, and `files` the number of such files.
    """

    name: str
    example: str
    orders: tuple[str, ...]
    taken: str
    path: str
    files: int = 1


@dataclass(slots=True)
class Findings:
    """What is found out about one file while it is read.

    `readings` says how the dates of a column are to be read, once that is settled; `open_orders`
    are the columns in which no date shows it. `language` is that of the file's first texts.
    """

    notes: dict[str, None] = field(default_factory=dict)
    readings: dict[str, DateReading] = field(default_factory=dict)
    open_orders: dict[str, OpenOrder] = field(default_factory=dict)
    language: str | None = None
    _examples: dict[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def tell(self, note: str) -> None:
        """Tell a decision about the file; the same decision is told once."""
        if len(self.notes) < _MOST_NAMES:
            self.notes[note] = None

    def use(self, names: Iterable[str]) -> None:
        """Note that fields became part of an article."""
        self._used.update(names)

    def offer(self, names: Iterable[str], values: Mapping[str, object]) -> None:
        """Note fields that became no part of this article; empty ones do not count."""
        for name in names:
            if name in self._examples or len(self._examples) >= _MOST_NAMES:
                continue
            shown = _shown(values.get(name))
            if shown:
                self._examples[name] = shown

    def unused(self, path: str) -> list[UnusedField]:
        """Return the fields of the file that no article used."""
        return [
            UnusedField(name, example, path)
            for name, example in self._examples.items()
            if name not in self._used
        ]


def merge_unused(known: dict[str, UnusedField], more: Iterable[UnusedField]) -> None:
    """Add the unused fields of another file to those of the files before it, by name."""
    for each in more:
        before = known.get(each.name)
        if before is None:
            known[each.name] = each
        else:
            known[each.name] = UnusedField(
                before.name, before.example, before.path, before.files + 1
            )


def merge_open_dates(
    known: dict[tuple[str, ...], OpenDates], more: Iterable[OpenOrder], path: str
) -> None:
    """Add open columns of another file; those of one name that leave the same choice are one."""
    for each in more:
        key = (each.name, each.taken, *each.orders)
        before = known.get(key)
        if before:
            known[key] = replace(before, files=before.files + 1)
        elif len(known) < _MOST_NAMES:
            known[key] = OpenDates(each.name, each.example, each.orders, each.taken, path)


def _shown(value: object) -> str:
    if value is None or value in ("", [], {}):
        return ""
    # A list may hold itself many times over, as aliases of YAML do: `repr` would never end.
    words = value[: 4 * _LONGEST_EXAMPLE] if isinstance(value, str) else reprlib.repr(value)
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_EXAMPLE else f"{words[: _LONGEST_EXAMPLE - 1]}…"
