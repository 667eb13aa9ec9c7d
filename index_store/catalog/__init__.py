"""The SQLite catalog: the single truth about articles, chunks and vectors."""
