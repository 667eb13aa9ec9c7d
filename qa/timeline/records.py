"""A timeline: dated quotes in order, with the days that they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from index_store.records import PublicationDate
from qa.answer import Citation
from qa.dates import DateExpression


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A quote in its place in time: `citation.article.published` says when it was published.

    `dates` are the expressions in the quote with the days they speak of, at `start:end` of the
    article's text.
    """

    citation: Citation
    dates: tuple[DateExpression, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as JSON values: those of its citation, and `dates`."""
        return {
            **self.citation.to_dict(),
            "dates": [
                {
                    "text": each.text,
                    "start": each.start,
                    "end": each.end,
                    "first": _iso(each.range.first),
                    "last": _iso(each.range.last),
                }
                for each in self.dates
            ],
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """Quotes on a topic, by date of publication; those of unknown date come last.

    `first` and `last` are the days between which they were published, as far as known.
    """

    topic: str
    entries: tuple[TimelineEntry, ...]

    @property
    def first(self) -> date | None:
        """The first day on which one may have been published."""
        return min(filter(None, (_published(each).first for each in self.entries)), default=None)

    @property
    def last(self) -> date | None:
        """The last day on which one may have been published."""
        return max(filter(None, (_published(each).last for each in self.entries)), default=None)

    def to_dict(self) -> dict[str, Any]:
        """Return the timeline as JSON values."""
        return {
            "topic": self.topic,
            "first": _iso(self.first),
            "last": _iso(self.last),
            "entries": [each.to_dict() for each in self.entries],
        }


def _published(entry: TimelineEntry) -> PublicationDate:
    return entry.citation.article.published


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
