"""Use cases on proposals: seen beforehand, proposed, decided, listed."""
