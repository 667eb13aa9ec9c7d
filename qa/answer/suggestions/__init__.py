"""Questions to go on with, taken from the archive itself, that the reader is seen to answer."""

from qa.answer.suggestions.lexicon import QUESTIONS
from qa.answer.suggestions.openings import opening_questions
from qa.answer.suggestions.selection import SuggestionPlace, suggest

LANGUAGES = tuple(QUESTIONS)
"""In which they can be asked."""

__all__ = ["LANGUAGES", "SuggestionPlace", "opening_questions", "suggest"]
