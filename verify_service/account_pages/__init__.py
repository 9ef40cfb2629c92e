"""The pages of accounts: signing in, one's own account, and who may enter."""
