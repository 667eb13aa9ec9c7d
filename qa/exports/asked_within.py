"""What bounded an answer, and the passages that came nearest where there is none, in an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from babel import Locale

from index_store.records import EVERYTHING, DateRange
from qa.answer.composer import dates_in
from qa.answer.records import Answer, Citation
from qa.dates.serialization import iso_day
from qa.dates.wording import describe_days
from qa.errors import SettingsError
from qa.exports.labels import known_language, label
from qa.exports.records import ExportError, of_kind
from qa.question.checks import asked_articles
from qa.question.period import AppliedPeriod, range_to_list
from qa.question.selection import parse_selection
from qa.text.phrases import phrase

_MOST_NEAREST = 3


def with_nearest(answer: Answer) -> Answer:
    """Return an abstention with its nearest passages in the place of citations.

    So each format shows and checks them as it does quotes, below a heading that says what they are.
    """
    if not answer.abstained or answer.citations:
        return answer
    nearest = tuple(
        Citation(
            number,
            each.chunk.text,
            each.chunk.start,
            each.chunk.end,
            each.article,
            dates=dates_in(each.article, each.chunk.text, each.chunk.start),
        )
        for number, each in enumerate(answer.passages[:_MOST_NEAREST], start=1)
        if each.chunk.text
    )
    return replace(answer, citations=nearest)


def bounds_to_dict(answer: Answer) -> dict[str, Any]:
    """Return what bounded an answer, as JSON values; nothing if nothing did, as in old exports."""
    period = answer.applied_period
    if answer.only == EVERYTHING and not period.range and not answer.as_of:
        return {}
    told = {"range": range_to_list(period.range), "words": period.words}
    selection = answer.to_dict()["selection"]
    return {"bounds": {"selection": selection, "period": told, "as_of": iso_day(answer.as_of)}}


def read_bounds(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what `bounds_to_dict` told, as fields of an `Answer`.

    Raises:
        ExportError, ValueError, TypeError, KeyError: they have another form.
    """
    if given is None:
        return {}
    days, words, as_of = given["period"]["range"], given["period"]["words"], given["as_of"]
    try:
        only = asked_articles(parse_selection(given["selection"]))
    except SettingsError as error:
        raise ExportError(str(error)) from error
    return {
        "only": only,
        "applied_period": AppliedPeriod(
            days and DateRange(*(day and date.fromisoformat(day) for day in days)),
            words and of_kind(words, str),
        ),
        "as_of": as_of and date.fromisoformat(as_of),
    }


def with_bounds(answer: Answer, given: Mapping[str, Any] | None) -> Answer:
    """Return an answer with the bounds that its export told."""
    return replace(answer, **read_bounds(given))


def bounds_line(answer: Answer, language: str) -> str:
    """Return in one line which articles took part; nothing if all did."""
    only, period = answer.only, answer.applied_period
    days, as_of = period.range or only.published, only.as_of or answer.as_of
    parts = []
    if days:
        words = f"“{period.words}”, " if period.words else ""
        told = describe_days(days.first, days.last, language=language)
        parts.append(phrase("period", language, words=words, days=told))
    if as_of:
        day = describe_days(as_of, as_of, language=language)
        parts.append(phrase("as_of", language, day=day))
    names = Locale.parse(known_language(language)).languages
    listed = {
        "source": only.sources,
        "author": only.authors,
        "section": only.sections,
        "language": tuple(names.get(each, each) for each in only.languages),
    }
    parts += [f"{label(name, language)}: {', '.join(of)}" for name, of in listed.items() if of]
    parts += [] if only.include_inferred else [label("no_inferred", language)]
    parts += [label("undated", language)] if only.include_undated else []
    return " · ".join(parts)
