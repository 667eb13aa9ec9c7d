"""The values in an answer and their JSON shapes: what the archive gives, and what is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qa.dates.serialization import iso_day
from qa.dates.wording import describe_days


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """One of several values that the archive gives in answer to the question.

    `first` and `last` are the days between which the value was published, as far as known; if
    `inferred`, they come from the texts. `citations` are the numbers of the citations that give the
    value. `newest` is set if no other value is certainly newer; `agrees` is set if the value can be
    true together with the newest one.
    """

    value: str
    first: date | None
    last: date | None
    inferred: bool
    citations: tuple[int, ...]
    newest: bool
    agrees: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON values."""
        return {
            "value": self.value,
            "first": iso_day(self.first),
            "last": iso_day(self.last),
            "inferred": self.inferred,
            "citations": list(self.citations),
            "newest": self.newest,
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class ComputedValue:
    """A value computed from two quoted numbers of one unit; no article states it.

    `value` is in the words of the question's language. `citations` are the numbers of the two
    citations.
    """

    operation: str
    value: str
    unit: str | None
    citations: tuple[int, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON values."""
        return {
            "operation": self.operation,
            "value": self.value,
            "unit": self.unit,
            "citations": list(self.citations),
        }


def describe_value_days(value: AnswerValue, language: str) -> str:
    """Return the days of a value in words, with "≈ " before days that are inferred."""
    days = describe_days(value.first, value.last, language=language)
    return f"≈ {days}" if value.inferred else days


def newest_word(value: AnswerValue, values: Sequence[AnswerValue]) -> str | None:
    """Return the name of the phrase that marks a value: "newest", "newest_stated" or `None`.

    Another value may be just as new if the date of its article is not stated. In that case the
    phrase only says that this value has the newest stated date.
    """
    if not value.newest or value.last is None:
        return None
    others = (each for each in values if each is not value)
    if any(each.last is None or (each.inferred and each.last > value.last) for each in others):
        return "newest_stated"
    return "newest"
