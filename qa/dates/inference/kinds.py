"""What a quote tells of the day on which its article appeared, and how it looks at that day."""

from __future__ import annotations

from enum import StrEnum


class EvidenceKind(StrEnum):
    """What a quote tells of the day on which its article appeared."""

    DATELINE = "dateline"
    DATE = "date"
    MONTH_OF_YEAR = "month of a year"
    YEAR = "year"
    DAY_AND_MONTH = "day and month"
    WEEKDAY_AND_DATE = "weekday and date"
    HOLIDAY = "holiday"
    MONTH = "month"
    RELATIVE_AND_DATE = "relative and date"
    PART_OF_YEAR = "part of a year"
    WEEKDAY = "weekday"
    NEIGHBOUR = "neighbour"


class Tense(StrEnum):
    """How the words around a date look at it."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = "unknown"
