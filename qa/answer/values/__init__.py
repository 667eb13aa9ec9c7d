"""Compares and groups answers by their meaning: numbers, days, names, and yes or no."""

from __future__ import annotations

from qa.answer.values.comparison import (
    Value,
    may_both_hold,
    read_value,
    same,
    same_value,
)
from qa.answer.values.groups import (
    ValueGroup,
    ValueMention,
    all_agree,
    group_values,
)
from qa.answer.values.quantities import Bound, Quantity, find_quantity

__all__ = [
    "Bound",
    "Quantity",
    "Value",
    "ValueGroup",
    "ValueMention",
    "all_agree",
    "find_quantity",
    "group_values",
    "may_both_hold",
    "read_value",
    "same",
    "same_value",
]
