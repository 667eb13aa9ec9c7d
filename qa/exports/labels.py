"""Holds the words that exports use beside the answers, in Dutch and English."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from index_store.records import Article, Precision, Provenance, PublicationDate
from qa.answer.records import TEXT, TITLE, AlsoIn, Answer, Citation
from qa.dates.wording import describe_date
from qa.exports.remarks import CHANGED, GONE, UNSERVED, Remark, holds_kept_quotes
from qa.text.control_characters import visible
from qa.text.phrases import display_title

ARTICLE, PLACE, PAGE, LINK, ALSO_IN = "article", "place", "page", "link", "also_in"
ARCHIVE = "archive"
KEPT, NOTE, SINCE = "kept", "note", "since"

_LABELS = MappingProxyType(
    {
        "nl": {
            "heading": "Antwoorden met bronnen",
            ARTICLE: "Artikel",
            ARCHIVE: "Archief",
            PLACE: "Plaats",
            PAGE: "Pagina",
            TITLE: "kop",
            "published": "Gepubliceerd",
            "source": "Bron",
            "author": "Auteur",
            LINK: "Link",
            ALSO_IN: "Ook in",
            "section": "Rubriek",
            "language": "Taal",
            "no_inferred": "zonder afgeleide datums",
            "undated": "ook zonder datum",
            "nearest": "Het dichtst in de buurt, maar geen antwoord",
            KEPT: "Bewaarde citaten",
            NOTE: "Notitie",
            SINCE: "Sindsdien",
            CHANGED: "het artikel is gewijzigd; zo stond het er toen",
            GONE: "het artikel staat niet meer in het archief; zo stond het er toen",
            UNSERVED: "het archief was er niet om na te slaan; zo stond het er toen",
            "check": "Elk citaat staat letterlijk in het artikel. De plaats zegt hoeveel tekens "
            "van het artikel vóór het citaat staan, en hoeveel tot en met het einde ervan. "
            "Controleren: dateline verify BESTAND",
        },
        "en": {
            "heading": "Answers with sources",
            ARTICLE: "Article",
            ARCHIVE: "Archive",
            PLACE: "Place",
            PAGE: "Page",
            TITLE: "headline",
            "published": "Published",
            "source": "Source",
            "author": "Author",
            LINK: "Link",
            ALSO_IN: "Also in",
            "section": "Section",
            "language": "Language",
            "no_inferred": "no inferred dates",
            "undated": "also undated",
            "nearest": "Nearest passages, which are no answer",
            KEPT: "Kept quotes",
            NOTE: "Note",
            SINCE: "Since then",
            CHANGED: "the article has changed; this is how it read then",
            GONE: "the article is no longer in the archive; this is how it read then",
            UNSERVED: "the archive was not there to be read; this is how it read then",
            "check": "Every quote is verbatim in the article. The place says how many "
            "characters of the article stand before the quote, and how many up to its very end. "
            "To check: dateline verify FILE",
        },
    }
)
_PRECISIONS = {
    "nl": {
        Precision.DAY: "op de dag nauwkeurig",
        Precision.MONTH: "op de maand nauwkeurig",
        Precision.YEAR: "op het jaar nauwkeurig",
        Precision.RANGE: "binnen deze dagen",
    },
    "en": {
        Precision.DAY: "to the day",
        Precision.MONTH: "to the month",
        Precision.YEAR: "to the year",
        Precision.RANGE: "within these days",
    },
}
_STATED = {"nl": "vermeld door de bron", "en": "stated by the source"}


def label(name: str, language: str) -> str:
    """Return a label in Dutch ("nl") or English."""
    return _LABELS[known_language(language)][name]


def export_heading(answers: Sequence[Answer], language: str) -> str:
    """Return the heading of an export, which says whether it holds answers or kept quotes."""
    return label(KEPT if holds_kept_quotes(answers) else "heading", language)


def kept_headings() -> list[str]:
    """Return the heading of an export of kept quotes in each language."""
    return [labels[KEPT] for labels in _LABELS.values()]


def rows(
    citation: Citation,
    language: str,
    copies: Sequence[AlsoIn] = (),
    remark: Remark | None = None,
) -> list[tuple[str, str]]:
    """Return the facts beside a quote, each with the name of its label.

    `copies` are the other places of the quote, among them exact copies of its article.
    `remark` is what the reader noted who kept the quote.
    """
    article = citation.article
    since = remark.since if remark else None
    told = (
        (NOTE, remark.note if remark else ""),
        (SINCE, label(since, language) if since else ""),
        (ARTICLE, article.id),
        (ARCHIVE, citation.archive or ""),
        (PLACE, _place(citation, language)),
        (PAGE, str(citation.page or "")),
        ("published", dated(article.published, language)),
        ("source", article.source),
        ("author", article.author),
        (LINK, article.url),
        *((ALSO_IN, _elsewhere(each, citation, language)) for each in copies),
    )
    return [(name, visible(text)) for name, text in told if text]


def _place(citation: Citation, language: str) -> str:
    """Return the place of a quote, with the name of its field unless it stands in the text."""
    place = f"{citation.start}–{citation.end}"
    return place if citation.field == TEXT else f"{label(citation.field, language)}, {place}"


def _elsewhere(copy: AlsoIn, citation: Citation, language: str) -> str:
    if copy.is_exact(citation):
        return copy.article.source
    named = f" ({in_archive(copy.archive, language)})" if copy.archive else ""
    return f"{copy.article.id}{named}: {copy_told(copy.article, language)}"


def in_archive(name: str, language: str) -> str:
    """Return the name of an archive as it stands within a line.

    >>> in_archive("zeeland", "nl")
    'archief zeeland'
    """
    return f"{label(ARCHIVE, language).lower()} {name}"


def copy_told(article: Article, language: str) -> str:
    """Return the source and the date of an article that holds a quote of another one."""
    return f"{article.source}, {describe_date(article.published, language=language)}"


def heading(citation: Citation) -> str:
    """Return the number of a citation with the title of its article."""
    return visible(f"[{citation.number}] {display_title(citation.article)}")


def dated(published: PublicationDate, language: str) -> str:
    """Return a date in words, with its precision and its origin.

    >>> from qa.dates.stated import parse_stated_date
    >>> dated(parse_stated_date("2022-11"), "nl")
    'november 2022 (op de maand nauwkeurig, vermeld door de bron)'
    >>> dated(PublicationDate(), "en")
    'date unknown'
    """
    language = known_language(language)
    said = describe_date(published, language=language)
    if published.provenance is not Provenance.STATED:
        return said  # the words already tell the origin
    return f"{said} ({_PRECISIONS[language][published.precision]}, {_STATED[language]})"


def known_language(language: str) -> str:
    """Return the language if labels exist in it, else English."""
    return language if language in _LABELS else "en"
