"""The models: encoder, reader and calibration, how they are loaded, and how the reader is trained."""
