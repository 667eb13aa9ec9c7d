"""The web: the chat page, the API, uploads and access control."""
