"""What a signer refuses to sign, and how it is spoken to. Pure."""
