"""Uploads: articles that a reader adds from the page."""
