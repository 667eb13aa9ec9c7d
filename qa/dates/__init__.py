"""Dates: expressions in text, dates that articles state, and dates inferred for articles without one."""
