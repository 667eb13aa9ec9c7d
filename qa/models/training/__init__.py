"""Trains the reader: reads rows with answers, makes examples of them, and runs the training."""
