"""Inviting, signing in, proving again, and ending sessions."""
