"""Takes answers as the earlier turns of a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.records import Answer
from qa.question.checks import LONGEST_QUESTION, EarlierTurn, earlier_turns

History = Answer | Sequence[EarlierTurn | Answer]
"""The earlier questions, oldest first: each a text, a pair with its short answer, or an answer."""


def turns_of(history: History) -> list[tuple[str, str | None]]:
    """Return the last turns of a conversation as pairs of a question and its answer, if known.

    Raises:
        SettingsError: the history is none of what `History` names.
    """
    given: object = [history] if isinstance(history, Answer) else history
    if isinstance(given, Sequence) and not isinstance(given, str):
        given = [_turn(each) if isinstance(each, Answer) else each for each in given]
    return earlier_turns(given)


def _turn(answer: Answer) -> tuple[str, str]:
    """Return the question as it was completed, and the short answer; empty if there is none.

    An empty answer is a known one: the question is not asked again to find it.
    """
    whole = answer.standalone.question if answer.standalone else answer.question
    question = whole if len(whole) <= LONGEST_QUESTION else answer.question
    short = answer.answer or ""
    return question, short if short.strip() and len(short) <= LONGEST_QUESTION else ""
