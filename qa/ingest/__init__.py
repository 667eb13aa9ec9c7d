"""Files become articles, chunks, vectors, and rows of the store."""
