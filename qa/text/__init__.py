"""Text without a question: sentences, tokens, numbers in words, phrases of the program."""
