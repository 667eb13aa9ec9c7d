"""Articles that a reader adds from the page."""
