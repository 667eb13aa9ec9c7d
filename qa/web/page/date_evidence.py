"""The evidence for an inferred date: the quotes that it was derived from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from index_store.records import Article, DateEvidence, Provenance
from qa.dates.inference import EvidenceKind
from qa.dates.wording import describe_date, describe_days
from qa.text.phrases import display_title

_TOLD = {
    "nl": "De bron noemt geen datum. Deze is afgeleid uit:",
    "en": "The source states no date. This one was inferred from:",
}
_BESIDE = {
    "nl": "een artikel over hetzelfde: “{title}” ({date})",
    "en": "an article about the same: “{title}” ({date})",
}
_KINDS: dict[str, dict[EvidenceKind, str]] = {
    "nl": {
        EvidenceKind.DATELINE: "plaats en dag boven het bericht",
        EvidenceKind.DATE: "een datum",
        EvidenceKind.MONTH_OF_YEAR: "een maand met een jaar",
        EvidenceKind.YEAR: "een jaartal",
        EvidenceKind.DAY_AND_MONTH: "een dag en maand, zonder jaar",
        EvidenceKind.WEEKDAY_AND_DATE: "een weekdag met een datum",
        EvidenceKind.HOLIDAY: "een feestdag",
        EvidenceKind.MONTH: "een maand, zonder jaar",
        EvidenceKind.RELATIVE_AND_DATE: "woorden als “gisteren”, met een datum",
        EvidenceKind.PART_OF_YEAR: "een deel van een jaar",
        EvidenceKind.WEEKDAY: "een weekdag",
    },
    "en": {
        EvidenceKind.DATELINE: "place and day at the head of the report",
        EvidenceKind.DATE: "a date",
        EvidenceKind.MONTH_OF_YEAR: "a month with a year",
        EvidenceKind.YEAR: "a year",
        EvidenceKind.DAY_AND_MONTH: "a day and month, without a year",
        EvidenceKind.WEEKDAY_AND_DATE: "a weekday with a date",
        EvidenceKind.HOLIDAY: "a holiday",
        EvidenceKind.MONTH: "a month, without a year",
        EvidenceKind.RELATIVE_AND_DATE: "words such as “yesterday”, with a date",
        EvidenceKind.PART_OF_YEAR: "a part of a year",
        EvidenceKind.WEEKDAY: "a weekday",
    },
}


def reasons(
    article: Article, language: str, find_article: Callable[[str], Article | None]
) -> dict[str, Any] | None:
    """Return the evidence for an inferred date, strongest first; `None` for any other date.

    Each quote stands in the article itself, or in a related article that `find_article` finds.
    """
    published = article.published
    if published.provenance is not Provenance.INFERRED:
        return None
    quotes = []
    for each in published.evidence:
        quoted = article if each.article_id == article.id else find_article(each.article_id)
        is_there = quoted is not None and quoted.text[each.start : each.end] == each.quote
        if quoted is None or not is_there or each.reason not in set(EvidenceKind):
            continue  # it was changed since the article was read, or is of another version
        place = {"article": quoted.id, "start": each.start, "end": each.end}
        told = {"quote": each.quote, "lang": quoted.language, "says": _says(each, quoted, language)}
        quotes.append({**place, **told})
    return {"told": _TOLD[language], "quotes": quotes}


def _says(evidence: DateEvidence, quoted: Article, language: str) -> str:
    kind = EvidenceKind(evidence.reason)
    if kind is EvidenceKind.NEIGHBOUR:
        date = describe_date(quoted.published, language=language)
        return _BESIDE[language].format(title=display_title(quoted), date=date)
    if evidence.first is None:
        return _KINDS[language][kind]
    days = describe_days(evidence.first, evidence.last, language=language)
    return f"{_KINDS[language][kind]}: {days}"
