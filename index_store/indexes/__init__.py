"""Indexes over vectors and words, derived from the catalog; they can be rebuilt from it."""
