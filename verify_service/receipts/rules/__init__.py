"""Receipts as bytes and words: what is stated, how it is sealed for a while, and what the page says."""
