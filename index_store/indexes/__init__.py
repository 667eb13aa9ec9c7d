"""Derived indexes over vectors and words; they can be rebuilt from the catalog."""
