"""Reads passages: finds the words that answer a question, and tells whether any words do."""
