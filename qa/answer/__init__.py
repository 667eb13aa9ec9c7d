"""Turns passages into an answer: candidates, quotes, values, timelines, suggestions."""
