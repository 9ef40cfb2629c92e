"""A secret takes over from another while everything goes on: what is stored is moved, then the old one ends."""
