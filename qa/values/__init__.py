"""Answers compared by what they say: numbers, days, names and yes or no, for grouping only."""

from __future__ import annotations

from qa.values.comparing import Value, may_both_hold, read_value, same, same_value
from qa.values.grouping import Mention, ValueGroup, all_agree, group_values
from qa.values.quantities import Bound, Quantity, find_quantity

__all__ = [
    "Bound",
    "Mention",
    "Quantity",
    "Value",
    "ValueGroup",
    "all_agree",
    "find_quantity",
    "group_values",
    "may_both_hold",
    "read_value",
    "same",
    "same_value",
]
