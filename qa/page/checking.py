"""Values that come over the network, where nothing about them is taken on trust."""

from __future__ import annotations

from datetime import date

from qa.errors import SettingsError
from qa.stated_dates import parse_stated_date

_MOST_PASSAGES = 50


def given_question(question: object) -> str:
    """Return a question that is text; its length is seen to where it is asked.

    Raises:
        SettingsError: it is no text.
    """
    if not isinstance(question, str):
        raise SettingsError("the question must be text")
    return question


def given_limit(limit: object) -> int:
    """Return how many passages to give.

    Raises:
        SettingsError: it is no whole number, or too large.
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or limit > _MOST_PASSAGES:
        raise SettingsError(f"limit must be a whole number from 1 to {_MOST_PASSAGES}")
    return limit


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
