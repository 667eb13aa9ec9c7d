"""What Dateline itself says, in Dutch and English."""

from __future__ import annotations

from index_store.records import Article
from qa.publication import describe_date

_OPENING_WORDS = 8

_PHRASES = {
    "nl": {
        "lead": "Volgens „{title}” ({date}): “{quote}” [{number}]",
        "further": "„{title}” ({date}): “{quote}” [{number}]",
        "absent": "Dit staat niet in het archief.",
        "nothing_near": "Geen passage komt dicht genoeg bij de vraag.",
        "empty": "Het archief is leeg.",
        "none_selected": "Geen enkel artikel past bij de gekozen periode en filters.",
    },
    "en": {
        "lead": "According to “{title}” ({date}): “{quote}” [{number}]",
        "further": "“{title}” ({date}): “{quote}” [{number}]",
        "absent": "Not in this archive.",
        "nothing_near": "No passage comes near enough to the question.",
        "empty": "The archive is empty.",
        "none_selected": "No article fits the chosen period and filters.",
    },
}


def phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in Dutch ("nl") or English ("en"); values are inserted as they are."""
    return _PHRASES[language][name].format_map(values)


def display_title(article: Article) -> str:
    """Return the title, or the opening words of an article without one."""
    if article.title:
        return article.title
    words = article.text.split(maxsplit=_OPENING_WORDS)
    return " ".join(words[:_OPENING_WORDS]) + (" …" if len(words) > _OPENING_WORDS else "")


def display_date(article: Article, language: str) -> str:
    """Return the publication date in words."""
    return describe_date(article.published, language=language)
