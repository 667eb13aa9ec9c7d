"""The languages in which questions are suggested."""

from qa.answer.suggestions.lexicon import QUESTIONS
from qa.errors import SettingsError

LANGUAGES = tuple(QUESTIONS)
"""The languages in which suggestions can be asked."""


def check_language(language: str) -> None:
    """Refuse a language in which no question can be suggested.

    Raises:
        SettingsError: the language is none of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise SettingsError(f"the language is {language!r}; known are {', '.join(LANGUAGES)}")
