"""Holds the contents of an export that is read, and the faults that it can have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.answer.records import TEXT
from qa.errors import DatelineError

_KINDS = {str: "text", bool: "true or false", int: "whole number", list: "list"}


class ExportError(DatelineError):
    """A file cannot be written or read as an export."""


class NothingCitedError(ExportError):
    """Answers without citations cannot be written in a format that holds only citations."""


@dataclass(frozen=True, slots=True)
class ExportedQuote:
    """A quote in an export, with the place that it claims: `start:end` of a `field`.

    The field is "text" or "title"; exports from before fields existed quote only texts.
    `answer_start` and `answer_end` bound the answering words, if the format states them. `number`,
    `agrees` and `archive` are as in `Citation`.
    """

    quote: str
    article_id: str
    start: int
    end: int
    answer_start: int | None = None
    answer_end: int | None = None
    number: int = 1
    agrees: bool = True
    field: str = TEXT
    archive: str | None = None


@dataclass(frozen=True, slots=True)
class ExportedAnswer:
    """One answer in an export: its quotes, and its other facts by their names in `Answer`."""

    given: dict[str, Any]
    quotes: tuple[ExportedQuote, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """An export as it was read; `language` is the language of its labels."""

    language: str
    answers: tuple[ExportedAnswer, ...]

    @property
    def quotes(self) -> list[ExportedQuote]:
        """All quotes, in order."""
        return [quote for answer in self.answers for quote in answer.quotes]


class FailureReason(StrEnum):
    """The reason why a quote of an export fails the check."""

    NO_ARTICLE = "no_article"  # the archive has no article of this id
    OUTSIDE = "outside"  # the place lies outside the field, or is no place
    DIFFERS = "differs"  # other text stands at that place
    ANSWER_OUTSIDE = "answer_outside"  # the answering words lie outside the quote


@dataclass(frozen=True, slots=True)
class Failure:
    """A quote that fails the check, and the reason.

    `found_at` is the place in that field where exactly the same words stand, if there is one.
    """

    quote: ExportedQuote
    reason: FailureReason
    found_at: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the failure as JSON values."""
        return {
            "article_id": self.quote.article_id,
            "field": self.quote.field,
            "start": self.quote.start,
            "end": self.quote.end,
            "quote": self.quote.quote,
            "reason": self.reason.value,
            "found_at": self.found_at,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between an export and the export that the archive would give now.

    `place` names a line or a field. `said` is `None` if the export lacks the line, and `expected`
    is `None` if the line does not belong in the export.
    """

    place: str
    said: str | None
    expected: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {"place": self.place, "said": self.said, "expected": self.expected}


def of_kind(value: Any, kind: type) -> Any:
    """Return a value of a file if it is of a kind.

    Raises:
        TypeError: it is of another kind.
    """
    if type(value) is not kind:  # True is not a number
        raise TypeError(f"{value!r} stands where a {_KINDS[kind]} must be")
    return value
