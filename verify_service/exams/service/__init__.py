"""Use cases on exam results: deciding what a file changes, and importing it."""
