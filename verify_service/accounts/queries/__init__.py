"""SQL on accounts, their factors and sessions."""
