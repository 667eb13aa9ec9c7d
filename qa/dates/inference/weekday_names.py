"""The names of the days of the week, in Dutch and English."""

from __future__ import annotations

import re
from functools import cache

_FIRST_WORD = re.compile(r"[^\W\d_]+")


def weekday_at_start(words: str) -> int | None:
    """Return the weekday (Monday is 0) that a text begins with, if it begins with one.

    >>> weekday_at_start("donderdag 17 februari")
    3
    """
    found = _FIRST_WORD.match(words)
    return _numbers().get(found[0].casefold()) if found else None


@cache
def _numbers() -> dict[str, int]:
    from babel import Locale

    return {
        name.casefold().rstrip("."): number
        for language in ("nl", "en")
        for width in ("wide", "abbreviated")
        for number, name in Locale.parse(language).days["format"][width].items()
    }
