"""Loads and trains the models: the encoder, the reader and the calibration."""
