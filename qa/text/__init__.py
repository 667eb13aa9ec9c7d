"""Text without any question: sentences, tokens, numbers in words, and the phrases that Dateline says."""
