"""The conversations that readers had with the archive, kept for them."""
