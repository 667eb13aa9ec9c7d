"""Measurements of Dateline, as ratios to something that is run beside it in the same process."""
