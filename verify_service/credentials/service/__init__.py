"""Use cases on credentials, one module each."""
