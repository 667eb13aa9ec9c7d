"""Values that come over the network, where nothing about them is taken on trust."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.dates.stated import parse_stated_date
from qa.errors import SettingsError
from qa.question.checks import EarlierTurn

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


def given_choice(name: str, value: object) -> bool:
    """Return a yes or no.

    Raises:
        SettingsError: it is neither.
    """
    if not isinstance(value, bool):
        raise SettingsError(f"{name} must be true or false")
    return value


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


def given_days(name: str, written: object) -> tuple[date | None, date | None]:
    """Return the first and the last day of a written day, month or year.

    Raises:
        SettingsError: it is no date.
    """
    if written is None or written == "":
        return None, None
    try:
        if not isinstance(written, str):
            raise ValueError("write 2021-12-17, 2021-12 or 2021")
        stated = parse_stated_date(written)
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from error
    if stated.first is None:
        raise SettingsError(f"{name} is no date; write 2021-12-17, 2021-12 or 2021")
    return stated.first, stated.last
