"""Asks the archive of another Dateline server, by the API of that server."""
