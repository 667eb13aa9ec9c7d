"""A timeline: dated quotes in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from index_store.one_line import one_line
from qa.answer.records import Citation

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame


@dataclass(frozen=True, slots=True)
class Timeline:
    """Quotes on a topic by date of publication; quotes of unknown date come last.

    The `dates` of a quote are the days that it is about. `first` and `last` are the days between
    which the quotes were published, as far as known.
    """

    topic: str
    citations: tuple[Citation, ...]

    def __repr__(self) -> str:
        """Return the timeline in one line."""
        return one_line(self, "topic", "first", "last", "citations")

    def _repr_html_(self) -> str:
        """Return the timeline as a notebook shows it."""
        from qa.answer.notebook import timeline_html

        return timeline_html(self)

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each citation; needs the extra `frame`."""
        from qa.answer.frame import timeline_frame

        return timeline_frame(self)

    @property
    def first(self) -> date | None:
        """The first day on which a quote may have been published."""
        return min(
            filter(None, (each.article.published.first for each in self.citations)), default=None
        )

    @property
    def last(self) -> date | None:
        """The last day on which a quote may have been published."""
        return max(
            filter(None, (each.article.published.last for each in self.citations)), default=None
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the timeline as JSON values."""
        return {
            "topic": self.topic,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "citations": [each.to_dict() for each in self.citations],
        }
