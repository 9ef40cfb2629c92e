"""Certificates as files: one PDF, or a class of them in a ZIP."""
