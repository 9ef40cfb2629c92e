"""What a partner sees: its own classes, people, certificates and codes, and what is missing from them."""
