"""What the counts mean, and how they are drawn."""
