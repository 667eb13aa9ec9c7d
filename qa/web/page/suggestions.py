"""Suggested questions, under the last answer and before the first question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index_store.analysis.language import detect_language
from qa.web.page.answer_actions import turns_of
from qa.web.page.beside import Beside
from qa.web.page.calls import Called, mapping, safely
from qa.web.page.conversations import Turn, checked_name
from qa.web.served import ServedArchive


def suggesting_functions(archive: ServedArchive, language: str, beside: Beside) -> list[Called]:
    """Return the function of this module that the scripts call by name."""
    begun: dict[int, list[str]] = {}  # by the number of articles

    def suggest_questions(asked: Any) -> dict[str, Any]:
        given = mapping(asked)

        def made() -> list[str]:
            if given.get("at_once"):
                return archive.openings(language)
            is_begin = given.get("turn") is None
            return _openers(archive, language, begun) if is_begin else _next(archive, beside, given)

        return safely("suggesting questions", language, lambda: {"questions": made()})

    return [suggest_questions]


def _openers(archive: ServedArchive, language: str, begun: dict[int, list[str]]) -> list[str]:
    """Return questions about the newest articles, made once for each number of articles."""
    articles = archive.startup.state().articles
    if articles not in begun:
        made = archive.suggest(None, language=language, asked=())
        begun.clear()
        begun[articles] = made
    return begun[articles]


def _next(archive: ServedArchive, beside: Beside, given: Mapping[str, Any]) -> list[str]:
    """Return questions about the text near one answer, and keep them in the conversation."""
    turns = turns_of(archive, given)
    if len(turns) != 1 or turns[0]["run"] != given.get("run"):
        return []
    turn, name = turns[0], checked_name(given.get("conversation"))
    if "next" not in turn:
        made = beside.asked(turn["asked"].also).suggest(
            turn["full"],
            language=detect_language(turn["question"]),
            asked=[each["question"] for each in archive.conversations.turns(name)],
            selection=turn["asked"].selection,
        )
        archive.conversations.amend(name, turn, lambda kept: _with_next(kept, made))
        return made
    return list(turn["next"])


def _with_next(turn: Turn, questions: list[str]) -> Turn:
    return {**turn, "next": questions}
