"""Use cases on one person, one module each."""
