"""Dates: expressions in text, stated dates, and dates inferred for undated articles."""
