"""The quotes that somebody keeps, with notes: those of the page, the shell and Python."""
