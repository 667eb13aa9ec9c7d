"""Training the reader: rows with answers, examples made of them, and the run itself."""
