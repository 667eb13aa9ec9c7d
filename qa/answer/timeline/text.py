"""A timeline as plain text, in Dutch and English."""

from __future__ import annotations

from qa.answer.records import Citation
from qa.answer.timeline.records import Timeline
from qa.dates.wording import describe_expression, display_date
from qa.text.phrases import display_title

_PHRASES = {
    "nl": {
        "heading": "Tijdlijn: {topic}",
        "empty": "Het archief heeft hier niets over, voor zover het van een dag of maand is.",
        "citation": "{date} · “{title}”: “{quote}” [{number}]",
        "dates": "    spreekt van {dates}",
    },
    "en": {
        "heading": "Timeline: {topic}",
        "empty": "The archive has nothing on this, of a date that is known.",
        "citation": "{date} · “{title}”: “{quote}” [{number}]",
        "dates": "    speaks of {dates}",
    },
}


def timeline_text(timeline: Timeline, language: str) -> str:
    """Return a timeline in words ("nl", else English): dates, quotes, and the days in the quotes.

    The quotes are inserted unchanged.
    """
    language = "nl" if language == "nl" else "en"
    phrases = _PHRASES[language]
    lines = [heading(timeline, language)]
    for citation in timeline.citations:
        lines += ["", citation_text(citation, language)]
        if citation.dates:
            dates = "; ".join(describe_expression(each, language) for each in citation.dates)
            lines.append(phrases["dates"].format(dates=dates))
    return "\n".join(lines if timeline.citations else [*lines, nothing_found(language)])


def heading(timeline: Timeline, language: str) -> str:
    """Return the heading of a timeline."""
    return _PHRASES["nl" if language == "nl" else "en"]["heading"].format(topic=timeline.topic)


def nothing_found(language: str) -> str:
    """Return the words of a timeline without quotes."""
    return _PHRASES["nl" if language == "nl" else "en"]["empty"]


def citation_text(citation: Citation, language: str) -> str:
    """Return one quote in words: its date of publication, its title and its text."""
    return _PHRASES["nl" if language == "nl" else "en"]["citation"].format(
        date=display_date(citation.article, language),
        title=display_title(citation.article),
        quote=citation.quote,
        number=citation.number,
    )
