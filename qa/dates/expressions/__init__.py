"""Date expressions in questions and articles, in Dutch and English, as ranges of days."""

from __future__ import annotations

from qa.dates.expressions.expression import (
    Anchor,
    DateExpression,
    Modifier,
    Preference,
)
from qa.dates.expressions.finder import find_dates
from qa.dates.expressions.published import resolve_against

__all__ = [
    "Anchor",
    "DateExpression",
    "Modifier",
    "Preference",
    "find_dates",
    "resolve_against",
]
