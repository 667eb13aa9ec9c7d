"""Turns of a conversation as JSON, and back as they were."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from qa.answer.records import Answer
from qa.question.selection import parse_selection
from qa.web.page.page_question import PageQuestion

if TYPE_CHECKING:
    from qa.web.page.conversations import Turn

_LARGEST_ANSWER = 1_000_000  # characters; a count over a large archive names every article
_ANSWERS = TypeAdapter(Answer)


def turn_to_json(turn: Turn) -> str:
    """Return a turn as JSON; its `full` answer is left out if it is very large."""
    full = turn.get("full")
    kept = {**turn, "asked": _asked_to_dict(turn["asked"]), "full": None}
    if full is not None:
        written = _ANSWERS.dump_json(full).decode()
        kept["full"] = written if len(written) <= _LARGEST_ANSWER else None
    return json.dumps(kept)


def turn_from_json(written: str) -> Turn:
    """Return the turn of `turn_to_json`.

    `full` is `None` if it was left out, or if it has a form that this version does not know.

    Raises:
        ValueError: this is no such turn.
    """
    try:
        turn: Turn = json.loads(written)
        turn["asked"] = _asked(turn["asked"])
        if not isinstance(turn["answer"], dict) or not isinstance(turn["run"], str):
            raise TypeError
        turn["full"] = _answer(turn.get("full"))
    except Exception as error:
        raise ValueError("this is no turn of a conversation") from error
    return turn


def _answer(written: object) -> Answer | None:
    if not isinstance(written, str):
        return None
    try:
        return _ANSWERS.validate_json(written)
    except ValidationError:
        return None


def _asked_to_dict(asked: PageQuestion) -> dict[str, Any]:
    return {
        "question": asked.question,
        "selection": {
            name: str(value) if isinstance(value, date) else value
            for name, value in asked.selection.items()
        },
        "period_from_words": asked.period_from_words,
        "without": list(asked.without),
        "use_generator": asked.use_generator,
        "also": list(asked.also),
    }


def _asked(given: dict[str, Any]) -> PageQuestion:
    return PageQuestion(
        given["question"],
        parse_selection(given["selection"]),
        period_from_words=given["period_from_words"],
        without=tuple(given["without"]),
        use_generator=given["use_generator"],
        also=tuple(given.get("also", ())),
    )
