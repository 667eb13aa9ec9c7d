"""Puts into words how Dateline understood a question."""

from __future__ import annotations

from datetime import date

from qa.dates.wording import describe_days
from qa.question.followup import Standalone
from qa.question.period import AppliedPeriod
from qa.text.phrases import phrase


def understood(
    period: AppliedPeriod, standalone: Standalone | None, as_of: date | None, language: str
) -> list[str]:
    """Return lines on how a question was understood: its complete form, its period, its order."""
    lines = []
    if standalone and standalone.leans:
        lines.append(phrase("standalone", language, question=standalone.question))
    if period.range:
        days = describe_days(period.range.first, period.range.last, language=language)
        words = f"“{period.words}”, " if period.words else ""
        lines.append(phrase("period", language, words=words, days=days))
    if period.speaks_of:
        about = period.speaks_of
        days = describe_days(about.first, about.last, language=language)
        lines.append(phrase("speaks_of", language, days=days))
    if period.order:
        lines.append(phrase(f"order_{period.order}", language))
    if period.not_understood:
        lines.append(phrase("not_understood", language, words=period.not_understood))
    if as_of:
        lines.append(phrase("as_of", language, day=describe_days(as_of, as_of, language=language)))
    return lines
