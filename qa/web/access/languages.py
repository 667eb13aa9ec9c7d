"""The choice between Dutch and English that a browser states."""

from __future__ import annotations

LANGUAGES = ("nl", "en")


def preferred_language(accepted: str) -> str:
    """Return the preferred language of an Accept-Language header, or Dutch if it names neither.

    >>> preferred_language("de-DE, en-GB;q=0.8, nl;q=0.5")
    'en'
    >>> preferred_language("fr")
    'nl'
    """
    wishes: dict[str, float] = {}
    for wish in accepted.split(","):
        tag, _, quality = wish.partition(";")
        language = tag.strip().partition("-")[0].lower()
        if language in LANGUAGES:
            wishes[language] = max(wishes.get(language, 0.0), _weight(quality))
    return max(LANGUAGES, key=lambda language: wishes.get(language, 0.0))


def _weight(quality: str) -> float:
    name, _, written = quality.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(1.0, max(0.0, float(written)))
    except ValueError:
        return 0.0
