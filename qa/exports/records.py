"""What is read back from an export, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.answer.records import TEXT
from qa.errors import DatelineError


class ExportError(DatelineError):
    """A file cannot be written as an export, or read as one."""


class NothingCitedError(ExportError):
    """Answers that cite nothing cannot be written in a format of citations only."""


@dataclass(frozen=True, slots=True)
class ExportedQuote:
    """A quote as an export gives it, with the place it claims: `start:end` of a `field`.

    The field is "text" or "title"; exports from before there were fields quote texts only.
    `answer_start` and `answer_end` bound the words in it that answer, where the format says so.
    `number` and `agrees` are as in `Citation`.
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


@dataclass(frozen=True, slots=True)
class ExportedAnswer:
    """What an export gives of one answer: its quotes, and the rest by the names of `Answer`."""

    given: dict[str, Any]
    quotes: tuple[ExportedQuote, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """An export as it was read; `language` is that of its labels."""

    language: str
    answers: tuple[ExportedAnswer, ...]

    @property
    def quotes(self) -> list[ExportedQuote]:
        """All quotes, in order."""
        return [quote for answer in self.answers for quote in answer.quotes]


class FailureReason(StrEnum):
    """Why a quote of an export does not stand."""

    NO_ARTICLE = "no_article"  # the archive has no article of this id
    OUTSIDE = "outside"  # the field is shorter than the place, or the place is none
    DIFFERS = "differs"  # other text stands in that place
    ANSWER_OUTSIDE = "answer_outside"  # the answering words lie outside the quote


@dataclass(frozen=True, slots=True)
class Failure:
    """A quote that does not stand, and why.

    `found_at` is where the very same words do stand in that field, if they do anywhere.
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
    """What stands in an export otherwise than the archive, as it is now, would have it written.

    `place` names a line or a field. `said` is `None` for what is missing, `expected` for what is
    no part of the export.
    """

    place: str
    said: str | None
    expected: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {"place": self.place, "said": self.said, "expected": self.expected}
