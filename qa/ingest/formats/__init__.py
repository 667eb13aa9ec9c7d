"""The formats of the files that Dateline reads, one module for each kind."""
