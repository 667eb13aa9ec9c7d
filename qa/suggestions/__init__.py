"""Questions to go on with, taken from the archive itself, that the reader is seen to answer."""

from qa.suggestions.choosing import Place, suggest

__all__ = ["Place", "suggest"]
