"""Accounts of the consoles: who may enter, how they prove who they are, and their sessions."""
