"""What counts as evidence, and what it amounts to."""
