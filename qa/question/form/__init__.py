"""The form of a question: its openings, phrases and patterns, in Dutch and English."""
