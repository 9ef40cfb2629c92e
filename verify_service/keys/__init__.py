"""The issuer's identity and keys: made, listed, published."""
