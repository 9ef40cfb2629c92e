"""Counting a request: slowapi, over memory or a shared store that may be down."""
