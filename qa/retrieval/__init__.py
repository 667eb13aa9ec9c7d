"""From a question to passages: fusion of vectors and words, time, and sentences."""
