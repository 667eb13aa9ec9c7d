"""Suggests further questions from the archive itself, if the reader answers them correctly."""

from qa.answer.suggestions.languages import LANGUAGES, check_language
from qa.answer.suggestions.openings import opening_questions
from qa.answer.suggestions.selection import SuggestionPlace, places_near, suggest

__all__ = [
    "LANGUAGES",
    "SuggestionPlace",
    "check_language",
    "opening_questions",
    "places_near",
    "suggest",
]
