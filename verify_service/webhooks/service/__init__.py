"""Subscribing, watching, and telling."""
