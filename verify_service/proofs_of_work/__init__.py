"""Proofs of work: what a visitor's browser computes to be answered once more where failures have spent a budget."""
