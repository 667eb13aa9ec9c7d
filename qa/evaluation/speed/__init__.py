"""Speed measurements, as ratios to a baseline that runs in the same process."""
