"""Values that come over the network, where nothing about them is taken on trust."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.errors import SettingsError
from qa.question.checks import EarlierTurn
from qa.question.selection import written_days

_MOST_PASSAGES = 50
_LONGEST_HISTORY = 100


def given_text(name: str, value: object) -> str:
    """Return a value that is text; how long a question may be is seen to where it is asked.

    Raises:
        SettingsError: it is no text.
    """
    if not isinstance(value, str):
        raise SettingsError(f"{name} must be text")
    return value


def given_limit(limit: object) -> int:
    """Return how many passages to give.

    Raises:
        SettingsError: it is no whole number, or too large.
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or limit > _MOST_PASSAGES:
        raise SettingsError(f"limit must be a whole number from 1 to {_MOST_PASSAGES}")
    return limit


def given_history(history: object) -> Sequence[EarlierTurn]:
    """Return the earlier questions of a conversation; what they hold is seen to by `ask`.

    Raises:
        SettingsError: it is no list.
    """
    if history is None:
        return ()
    if not isinstance(history, list) or len(history) > _LONGEST_HISTORY:
        raise SettingsError(
            f"history must be a list of at most {_LONGEST_HISTORY} earlier questions"
        )
    return history


def given_today(today: object) -> date:
    """Return the first day of a written day, month or year; the day it is where none is given.

    Raises:
        SettingsError: it is no date.
    """
    if today is None or today == "":
        return date.today()  # noqa: DTZ011
    return written_days(today, name="today")[0]
