"""What the scripts of the page call: functions that take one JSON value, and never raise.

Nothing of that value is taken on trust: it comes from a browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qa.errors import DatelineError
from qa.web.page.words import ANSWER
from qa.web.served import log_failure

Called = Callable[[Any], dict[str, Any]]


def safely(doing: str, language: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what `work` gives, or an `error` with words for the reader.

    `doing` says in the log what it was that failed.
    """
    try:
        return work()
    except DatelineError as error:
        return {"error": str(error)}
    except Exception:  # noqa: BLE001 - logged, and told with its id
        return {"error": ANSWER[language]["apology"].format(id=log_failure(doing))}


def mapping(given: object) -> Mapping[str, Any]:
    """Return a JSON object; nothing for any other value.

    >>> mapping(["a"])
    {}
    """
    return given if isinstance(given, Mapping) else {}
