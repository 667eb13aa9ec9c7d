"""Suggests further questions from the archive itself, if the reader answers them correctly."""

from qa.answer.suggestions.lexicon import QUESTIONS
from qa.answer.suggestions.openings import opening_questions
from qa.answer.suggestions.selection import SuggestionPlace, suggest

LANGUAGES = tuple(QUESTIONS)
"""The languages in which suggestions can be asked."""

__all__ = ["LANGUAGES", "SuggestionPlace", "opening_questions", "suggest"]
