"""A timeline as plain text, in Dutch and English."""

from __future__ import annotations

from datetime import date

from index_store.records import DateRange
from qa.dates import DateExpression
from qa.timeline.records import Timeline, TimelineEntry
from qa.wording import display_date, display_title

_PHRASES = {
    "nl": {
        "heading": "Tijdlijn: {topic}",
        "empty": "Niets gevonden over dit onderwerp.",
        "entry": "{date} · „{title}”: “{quote}” [{number}]",
        "speaks": "    spreekt van: {days}",
        "since": "vanaf {day}",
        "until": "tot en met {day}",
    },
    "en": {
        "heading": "Timeline: {topic}",
        "empty": "Nothing found on this topic.",
        "entry": "{date} · “{title}”: “{quote}” [{number}]",
        "speaks": "    speaks of: {days}",
        "since": "from {day}",
        "until": "until {day}",
    },
}


def timeline_text(timeline: Timeline, language: str) -> str:
    """Return a timeline in words ("nl", else English): dates, quotes, and what days they speak of.

    Quotes are inserted as they are, on lines of their own.
    """
    phrases = _PHRASES["nl" if language == "nl" else "en"]
    lines = [phrases["heading"].format(topic=timeline.topic)]
    for entry in timeline.entries:
        lines.append(entry_text(entry, language))
        if entry.dates:
            days = "; ".join(describe_days(each, language) for each in entry.dates)
            lines.append(phrases["speaks"].format(days=days))
    return "\n".join(lines if timeline.entries else [*lines, phrases["empty"]])


def entry_text(entry: TimelineEntry, language: str) -> str:
    """Return one entry in words: when it was published, where, and the quote."""
    citation = entry.citation
    return _PHRASES["nl" if language == "nl" else "en"]["entry"].format(
        date=display_date(citation.article, language),
        title=display_title(citation.article),
        quote=citation.quote,
        number=citation.number,
    )


def describe_days(expression: DateExpression, language: str) -> str:
    """Return the days that an expression speaks of, followed by its words.

    >>> from qa.dates import find_dates
    >>> [found] = find_dates("sinds 3 maart 2021", today=date(2022, 1, 1), language="nl")
    >>> describe_days(found, "nl")
    'vanaf 3 maart 2021 (“sinds 3 maart 2021”)'
    """
    return f"{_days(expression.range, language)} (“{' '.join(expression.text.split())}”)"


def _days(days: DateRange, language: str) -> str:
    phrases = _PHRASES["nl" if language == "nl" else "en"]
    if days.first and days.last:
        ends = dict.fromkeys((_day(days.first, language), _day(days.last, language)))
        return " – ".join(ends)
    if days.first:
        return phrases["since"].format(day=_day(days.first, language))
    return phrases["until"].format(day=_day(days.last, language)) if days.last else "…"


def _day(day: date, language: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, "d MMMM y", locale="nl" if language == "nl" else "en"))
