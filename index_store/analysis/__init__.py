"""Text analysis: the language of a text, and the terms it is found by."""
