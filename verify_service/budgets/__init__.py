"""Budgets of failed questions about one person, whoever asks; canaries and the breaker that notice who guesses."""
