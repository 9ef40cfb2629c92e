"""Use cases on budgets, one module each."""
