"""Questions to go on with, taken from the archive itself, that the reader is seen to answer."""

from qa.suggestions.choosing import Place, suggest
from qa.suggestions.lexicon import QUESTIONS

LANGUAGES = tuple(QUESTIONS)
"""In which they can be asked."""

__all__ = ["LANGUAGES", "Place", "suggest"]
