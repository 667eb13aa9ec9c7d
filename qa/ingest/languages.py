"""The languages that an article may be recognised as."""

ARTICLE_LANGUAGES = (
    "nl", "en", "de", "fr", "es", "it", "pt", "da", "sv", "no", "fi", "pl", "ru", "tr",
)  # fmt: skip
"""ISO 639-1 codes; an article in another language is taken for the nearest of these."""
