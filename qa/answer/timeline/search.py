"""Makes a timeline on a topic: passages of the whole period, and quotes chosen from them."""

from __future__ import annotations

from index_store.store import StoreView
from qa.answer.subject import speaks_of_topic
from qa.answer.timeline.records import Timeline
from qa.answer.timeline.selection import (
    ENTRIES,
    build_timeline,
)
from qa.answer.timeline.slices import parts_of_time
from qa.question.inquiry import Inquiry
from qa.retrieval.retriever import Retriever

_PASSAGES = 8  # of each slice of time


def find_timeline(
    view: StoreView,
    retriever: Retriever,
    inquiry: Inquiry,
    *,
    limit: int = ENTRIES,
) -> Timeline:
    """Return at most `limit` quotes on a topic, over the whole time of the articles that take part.

    The timeline is empty if the archive does not cover the topic.
    """
    undated = inquiry.only.include_undated
    parts = parts_of_time(view, inquiry.only, limit, undated=undated)
    passages = retriever.spread(view, retriever.query(inquiry), parts, limit=_PASSAGES)
    if passages and speaks_of_topic(view, inquiry, passages):
        return build_timeline(view, passages, inquiry, most=limit, include_undated=undated)
    return Timeline(inquiry.asked, ())
