"""Saying when an article appeared, no more precisely than it is known."""

from __future__ import annotations

from functools import lru_cache

from index_store.records import Precision, Provenance, PublicationDate

_UNKNOWN = {"nl": "datum onbekend", "en": "date unknown"}
_PATTERNS = {Precision.DAY: "d MMMM y", Precision.MONTH: "MMMM y", Precision.YEAR: "y"}


@lru_cache(4096)  # Babel takes its time, and an archive has few dates
def describe_date(published: PublicationDate, *, language: str) -> str:
    """Return the date in words with its precision, in Dutch ("nl") or English.

    >>> from datetime import date
    >>> december = PublicationDate(
    ...     date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH, Provenance.STATED, "2021-12")
    >>> describe_date(december, language="nl")
    'december 2021'
    >>> describe_date(PublicationDate(), language="nl")
    'datum onbekend'
    """
    from babel.dates import format_date

    locale = language if language in _UNKNOWN else "en"
    if published.first is None or published.last is None:
        return _UNKNOWN[locale]
    pattern = _PATTERNS.get(published.precision)
    if pattern:
        return str(format_date(published.first, pattern, locale=locale))
    ends = (
        format_date(day, "d MMMM y", locale=locale) for day in (published.first, published.last)
    )
    return " – ".join(ends)


def stated_words(published: PublicationDate, *, language: str | None) -> list[str]:
    """Return the date in words if the source states it, as a list of none or one.

    Dates that were inferred or corrected by hand never reach the encoder: a change of them would
    mean encoding the article again.
    """
    if published.provenance is not Provenance.STATED:
        return []
    return [describe_date(published, language=language or "nl")]
