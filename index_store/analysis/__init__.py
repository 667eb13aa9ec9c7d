"""Text analysis: the language of a text, and its index terms."""
