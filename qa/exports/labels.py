"""What exports themselves say, in Dutch and English."""

from __future__ import annotations

from types import MappingProxyType

from index_store.records import Precision, Provenance, PublicationDate
from qa.publication import describe_date

ARTICLE, PLACE = "article", "place"

_LABELS = MappingProxyType(
    {
        "nl": {
            "heading": "Antwoorden met bronnen",
            ARTICLE: "Artikel",
            PLACE: "Plaats",
            "published": "Gepubliceerd",
            "source": "Bron",
            "author": "Auteur",
            "link": "Link",
            "values": "In de loop van de tijd",
            "values_same_time": "De bronnen spreken elkaar tegen",
            "check": "Elk citaat staat letterlijk in het artikel, van het eerste tot voor het "
            "tweede teken. Controleren: dateline verify BESTAND",
        },
        "en": {
            "heading": "Answers with sources",
            ARTICLE: "Article",
            PLACE: "Place",
            "published": "Published",
            "source": "Source",
            "author": "Author",
            "link": "Link",
            "values": "Over time",
            "values_same_time": "The sources contradict each other",
            "check": "Every quote is verbatim in the article, from the first character up to the "
            "second. To check: dateline verify FILE",
        },
    }
)
_PRECISIONS = {
    "nl": {
        Precision.DAY: "op de dag",
        Precision.MONTH: "op de maand",
        Precision.YEAR: "op het jaar",
        Precision.RANGE: "binnen deze dagen",
    },
    "en": {
        Precision.DAY: "to the day",
        Precision.MONTH: "to the month",
        Precision.YEAR: "to the year",
        Precision.RANGE: "within these days",
    },
}
_PROVENANCES = {
    "nl": {
        Provenance.STATED: "vermeld door de bron",
        Provenance.USER: "met de hand opgegeven",
    },
    "en": {
        Provenance.STATED: "stated by the source",
        Provenance.USER: "given by hand",
    },
}


def label(name: str, language: str) -> str:
    """Return a label in Dutch ("nl") or English."""
    return _LABELS[_known(language)][name]


def labels_of(name: str) -> frozenset[str]:
    """Return a label in all languages, to read it back with."""
    return frozenset(labels[name] for labels in _LABELS.values())


def dated(published: PublicationDate, language: str) -> str:
    """Return a date in words with how precisely and from whom it is known.

    >>> from qa.stated_dates import parse_stated_date
    >>> dated(parse_stated_date("2022-11"), "nl")
    'november 2022 (op de maand, vermeld door de bron)'
    >>> dated(PublicationDate(), "en")
    'date unknown'
    """
    language = _known(language)
    said = describe_date(published, language=language)
    if published.provenance not in _PROVENANCES[language]:
        return said  # unknown, or inferred, which it says itself
    precision = _PRECISIONS[language][published.precision]
    return f"{said} ({precision}, {_PROVENANCES[language][published.provenance]})"


def _known(language: str) -> str:
    return language if language in _LABELS else "en"
