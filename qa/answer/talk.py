"""Answers small talk with a line about Dateline and questions that the archive answers."""

from __future__ import annotations

from index_store.store import StoreView
from qa.answer.composer import Composition
from qa.answer.suggestions import opening_questions
from qa.question.inquiry import Inquiry
from qa.text.phrases import phrase


def talk(view: StoreView | None, inquiry: Inquiry) -> Composition:
    """Return a friendly line, with example questions unless the archive is empty."""
    examples = opening_questions(view, inquiry.language, inquiry.only) if view else []
    name = "talk_examples" if examples else "talk"
    line = phrase(name, inquiry.language, examples=" ".join(examples))
    return Composition(line, None, 1.0, (), lead=line)
