"""What a whole trail is, and how it stands in a file."""
