"""The web: the chat page, the API, and who may come in."""
