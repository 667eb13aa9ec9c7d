"""From a topic to a timeline: passages of the whole period, and the quotes chosen from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index_store.records import DateRange
from index_store.store import StoreView
from qa.answer.answering import archive_speaks_of
from qa.answer.timeline.records import Timeline
from qa.answer.timeline.selection import (
    ENTRIES,
    build_timeline,
    holds_topic,
    middle,
)
from qa.answer.timeline.slices import slices_with_days
from qa.question.inquiry import Inquiry
from qa.retrieval.retriever import Retriever

_PASSAGES = 8  # of each slice of time
_NO_DAY = DateRange(date.max, date.max)


def find_timeline(
    view: StoreView,
    retriever: Retriever,
    inquiry: Inquiry,
    *,
    limit: int = ENTRIES,
) -> Timeline:
    """Return at most `limit` quotes on a topic, from the whole time of the articles that take part.

    There are none if the archive does not speak of it.
    """
    undated = inquiry.only.include_undated
    only = replace(inquiry.only, include_undated=False)
    days = [_inside(middle(each), only.published) for each in view.publication_days(only)]
    parts = [replace(only, published=part) for part in slices_with_days(days, limit)]
    if undated:
        parts.append(replace(only, published=_NO_DAY, include_undated=True))
    passages = retriever.spread(view, retriever.query(inquiry), parts, limit=_PASSAGES)
    if passages and (
        holds_topic(inquiry.terms, passages) or archive_speaks_of(view, inquiry.terms, passages)
    ):
        return build_timeline(view, passages, inquiry, most=limit, include_undated=undated)
    return Timeline(inquiry.asked, ())


def _inside(day: date, period: DateRange | None) -> date:
    """Return the day of a period that is nearest to a day."""
    first, last = (period.first, period.last) if period else (None, None)
    return min(max(day, first or day), last or date.max)
