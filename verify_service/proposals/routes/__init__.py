"""Staff pages on which something is proposed, decided, or seen of one certificate."""
