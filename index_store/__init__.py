"""Keeps articles, chunks and vectors, and finds them again; knows nothing of questions."""
