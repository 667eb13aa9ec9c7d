"""Checks of the values that come over the network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qa.errors import SettingsError
from qa.models.generator import Generator
from qa.question.checks import EarlierTurn
from qa.question.selection import written_days

_MOST_PASSAGES = 50
LONGEST_HISTORY = 100


def given_text(name: str, value: object) -> str:
    """Return a value that is text; `Assistant.ask` checks the length of a question.

    Raises:
        SettingsError: the value is no text.
    """
    if not isinstance(value, str):
        raise SettingsError(f"{name} must be text")
    return value


def given_limit(limit: object) -> int:
    """Return how many passages to give.

    Raises:
        SettingsError: the value is no whole number, or is too large.
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or limit > _MOST_PASSAGES:
        raise SettingsError(f"limit must be a whole number from 1 to {_MOST_PASSAGES}")
    return limit


def given_history(history: object) -> Sequence[EarlierTurn]:
    """Return the earlier questions of a conversation; `Assistant.ask` checks each of them.

    Raises:
        SettingsError: the value is no list, or the list is too long.
    """
    if history is None:
        return ()
    if not isinstance(history, list) or len(history) > LONGEST_HISTORY:
        raise SettingsError(
            f"history must be a list of at most {LONGEST_HISTORY} earlier questions"
        )
    return history


def given_today(today: object) -> date:
    """Return the first day of a written day, month or year; without one, return the current day.

    Raises:
        SettingsError: the value is no date.
    """
    if today is None or today == "":
        return date.today()  # noqa: DTZ011
    return written_days(today, name="today")[0]


def given_context(limit: object, history: object, today: object) -> dict[str, Any]:
    """Return what goes with a question, by the names that `Assistant.ask` takes.

    Raises:
        SettingsError: one of the values is invalid; see the function of each.
    """
    return {
        "limit": given_limit(limit),
        "history": given_history(history),
        "today": given_today(today),
    }


def asks_model(use_generator: object, generator: Generator | None) -> bool:
    """Tell whether the language model is asked: by default only one that runs on this machine.

    Raises:
        SettingsError: the value is not true, false or null.
    """
    if use_generator is None:
        return generator is not None and generator.is_local
    if not isinstance(use_generator, bool):
        raise SettingsError("use_generator must be true or false")
    return use_generator
