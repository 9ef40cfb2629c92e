"""Comparing fields over HTTP: see `api` and `forms`."""
