"""The function of the view for timelines: dated quotes on a topic, oldest first."""

from __future__ import annotations

from functools import partial
from typing import Any

from qa.answer.records import TITLE, Citation
from qa.archive_union import UnionAssistant
from qa.assistant import Assistant
from qa.dates.wording import describe_expression
from qa.question.checks import LONGEST_QUESTION, Selection, has_words
from qa.web.find_request import read_timeline
from qa.web.page.beside import Beside
from qa.web.page.calls import Called
from qa.web.page.finder import answered, named
from qa.web.page.render import about
from qa.web.page.timeline_words import TIMELINE


def timeline_functions(asks: Beside, language: str) -> list[Called]:
    """Return the function that the script of the view calls by name."""

    def trace_topic(asked: Any) -> dict[str, Any]:
        return answered(asks, language, asked, read_timeline, partial(_traced, language))

    return [trace_topic]


def _traced(
    language: str, searched: Assistant | UnionAssistant, given: tuple[str, Selection]
) -> dict[str, Any]:
    topic, selection = given
    words = TIMELINE[language]
    if not has_words(topic):
        return {"error": words["no_words"]}
    if len(topic) > LONGEST_QUESTION:
        return {"error": words["long_topic"].format(count=LONGEST_QUESTION)}
    found = searched.timeline(topic, **selection)
    return {
        "entries": [
            {**_entry(each, language), **named(searched, each.archive)} for each in found.citations
        ]
    }


def _entry(citation: Citation, language: str) -> dict[str, Any]:
    """Return a quote with the first year in which it may have been published.

    A headline opens its article without a marked place.
    """
    article, is_headline = citation.article, citation.field == TITLE
    first = article.published.first
    return {
        **about(article, language),
        "article": article.id,
        "start": 0 if is_headline else citation.start,
        "end": 0 if is_headline else citation.end,
        "headline": is_headline,
        "year": str(first.year) if first else None,
        "quote": citation.quote,
        "whole": {
            "field": citation.field,
            "start": citation.start,
            "end": citation.end,
            "text": citation.quote,
        },
        "dates": [describe_expression(each, language) for each in citation.dates],
    }
