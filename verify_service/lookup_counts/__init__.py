"""How many lookups ended how, by day: counted in memory, written every few seconds."""
