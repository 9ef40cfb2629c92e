"""Use cases that end personal data, one module each."""
