"""Finds the code of a language by its tag or its Dutch or English name."""

from __future__ import annotations

import re
from functools import cache

_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")


def language_code(words: str) -> str | None:
    """Return the ISO 639-1 code of a language tag, or of a Dutch or English name of a language.

    >>> language_code("Engels"), language_code("nl-BE"), language_code("klinkklaar")
    ('en', 'nl', None)
    """
    names, codes = _languages()
    folded = words.casefold()
    tag = _LANGUAGE_TAG.fullmatch(folded)
    return names.get(folded) or (codes.get(tag[1]) if tag else None)


@cache
def _languages() -> tuple[dict[str, str], dict[str, str]]:
    """Return the two-letter codes of languages by name, and by two- or three-letter code."""
    from babel import Locale
    from babel.core import get_global

    names = {}
    for identifier in ("en", "nl"):
        for code, name in Locale.parse(identifier).languages.items():
            if len(code) == 2:
                names[name.casefold()] = code
    codes = {code: code for code in names.values()}
    for long, code in get_global("language_aliases").items():
        if code in codes:
            codes[long] = code
    return names, codes
