"""Keyed cryptography on personal data: sealed fields under one data key per person, and blind indexes."""
