"""Passwords, one-time codes and session tokens as values; pure."""
