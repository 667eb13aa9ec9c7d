"""Words of a person for a value of an option that typer, and pydantic below it, refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from qa.text.control_characters import visible

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_NUMBERS = {"int": "a whole number", "float": "a number"}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def reword(error: typer.BadParameter) -> None:
    """Say in words that name the value what pydantic refused; leave every other error as it is."""
    from pydantic import ValidationError

    refused = error.__cause__
    if isinstance(refused, ValidationError):
        error.message = _in_words(refused.errors()[0]) or error.message


def _in_words(refused: ErrorDetails) -> str | None:
    kind, given, limits = refused["type"], refused["input"], refused.get("ctx", {})
    wanted = _wanted(kind, limits)
    if wanted:
        return f"{visible(str(given))!r} is not {wanted}"
    # A check of ours or of typer's is a ValueError with a sentence of its own.
    return visible(str(limits["error"])) if kind == "value_error" else None


def _wanted(kind: str, limits: dict[str, Any]) -> str | None:
    """Return what the value should be.

    >>> _wanted("int_parsing", {})
    'a whole number'
    >>> _wanted("less_than_equal", {"le": 12})
    'at most 12'
    """
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{words} {limits[name]}"
    return _NUMBERS.get(kind.partition("_")[0])
