"""Hardening, in figures: kills, damage, power loss and many users, over days if need be."""
