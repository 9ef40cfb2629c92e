"""Use cases on rosters: comparing one with the register, and importing it."""
