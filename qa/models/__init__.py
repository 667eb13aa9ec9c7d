"""The models: encoder, reader, calibration; how they are loaded and trained."""
