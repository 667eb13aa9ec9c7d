"""Feeds that are fetched from the web: their addresses, the fetching, and what is kept of them."""
