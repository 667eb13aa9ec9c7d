"""Holds back phrases that a newspaper took back."""

from __future__ import annotations

from qa.question.inquiry import Inquiry
from qa.question.kind import QuestionKind
from qa.text.attribution.correction import asks_what_was_written, taken_back


def answers_wrongly(inquiry: Inquiry, text: str, start: int, end: int) -> bool:
    """Tell whether a phrase that answers is one that its text takes back.

    A sentence that answers is quoted with its correction, and so may.
    """
    if inquiry.shape is QuestionKind.STATEMENT or asks_what_was_written(inquiry.asked):
        return False
    return any(first <= start and end <= last for first, last in taken_back(text))
