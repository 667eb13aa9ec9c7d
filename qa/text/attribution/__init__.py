"""Finds who says what in a news text, and whether a sentence states, denies or ends its claim."""
