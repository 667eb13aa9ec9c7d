"""The conversations that readers had with the archive, and the quotes that they kept."""
