"""Helpers for functions that the scripts call: they take one JSON value and never raise.

The value comes from a browser, so every part of it is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qa.errors import DatelineError
from qa.web.failures import log_failure
from qa.web.page.answer_words import ANSWER

Called = Callable[[Any], dict[str, Any]]


def safely(doing: str, language: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the result of `work`, or an `error` with a message for the reader.

    `doing` names the failed action in the log.
    """
    try:
        return work()
    except DatelineError as error:
        return {"error": str(error)}
    except Exception:  # noqa: BLE001 - logged, and told with its id
        return {"error": ANSWER[language]["apology"].format(id=log_failure(doing))}


def mapping(given: object) -> Mapping[str, Any]:
    """Return a JSON object as it is, and an empty one for any other value.

    >>> mapping(["a"])
    {}
    """
    return given if isinstance(given, Mapping) else {}
