"""Uploaded rosters and results while people put them right: nothing of a draft is in the register before its import."""
