"""The kinds of evidence for the day on which an article appeared, and the tenses of a clause."""

from __future__ import annotations

from enum import StrEnum


class EvidenceKind(StrEnum):
    """What a quote says about the day on which its article appeared."""

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
    """Whether the words around a date look back or ahead."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = "unknown"
