"""Platforms that ask for many people at once: their keys, and how many rows a day each may ask."""
