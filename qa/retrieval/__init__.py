"""Finds the passages and sentences for a question by vectors, words and time."""
