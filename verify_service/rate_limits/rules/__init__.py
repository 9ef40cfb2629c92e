"""Whose request it is, and what a limit may say."""
