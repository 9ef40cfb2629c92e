"""The public question for many people at once, for platforms with a key."""
