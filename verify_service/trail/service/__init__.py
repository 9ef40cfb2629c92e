"""Use cases on the trail as a whole, one module each."""
