"""What is read back from an export, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.errors import DatelineError


class ExportError(DatelineError):
    """A file cannot be written as an export, or read as one."""


@dataclass(frozen=True, slots=True)
class ExportedQuote:
    """A quote as an export gives it, with the place it claims: `article.text[start:end]`.

    `answer_start` and `answer_end` bound the words in it that answer, where the format says so.
    """

    quote: str
    article_id: str
    start: int
    end: int
    answer_start: int | None = None
    answer_end: int | None = None


class FailureReason(StrEnum):
    """Why a quote of an export does not stand."""

    NO_ARTICLE = "no_article"  # the archive has no article of this id
    OUTSIDE = "outside"  # the article is shorter than the place, or the place is none
    DIFFERS = "differs"  # other text stands in that place
    ANSWER_OUTSIDE = "answer_outside"  # the answering words lie outside the quote


@dataclass(frozen=True, slots=True)
class Failure:
    """A quote that does not stand, and why.

    `found_at` is where the very same words do stand in the article, if they do anywhere.
    """

    quote: ExportedQuote
    reason: FailureReason
    found_at: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the failure as JSON values."""
        return {
            "article_id": self.quote.article_id,
            "start": self.quote.start,
            "end": self.quote.end,
            "quote": self.quote.quote,
            "reason": self.reason.value,
            "found_at": self.found_at,
        }
