"""Checks a question, understands it once, and completes it if it is a follow-up."""
