"""Reads plain text (sentences, tokens, numbers, speakers), and holds the program's phrases."""
