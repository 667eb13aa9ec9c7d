"""Reads a choice that somebody made by its name."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from qa.errors import SettingsError

Choice = TypeVar("Choice", bound=StrEnum)


def known_choice(choices: type[Choice], value: str, refusal: str) -> Choice:
    """Return the choice of this name.

    Raises:
        SettingsError: there is none; the message begins with `refusal`.
    """
    try:
        return choices(value)
    except ValueError:
        listed = ", ".join(choices)
        raise SettingsError(f"{refusal} {value!r}; known are {listed}") from None
