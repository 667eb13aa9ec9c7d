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
        "nothing_near": "Geen passage gaat over het onderwerp van de vraag.",
        "no_answer": "Er zijn passages over het onderwerp, maar geen die de vraag beantwoordt.",
        "outside_period": "Buiten de gekozen periode staat er wel een antwoord.",
        "empty": "Het archief is leeg.",
        "none_selected": "Geen enkel artikel past bij de gekozen periode en filters.",
    },
    "en": {
        "lead": "According to “{title}” ({date}): “{quote}” [{number}]",
        "further": "“{title}” ({date}): “{quote}” [{number}]",
        "absent": "Not in this archive.",
        "nothing_near": "No passage is about the subject of the question.",
        "no_answer": "Passages touch on the subject, but none answers the question.",
        "outside_period": "There is an answer outside the chosen period.",
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
