"""Signing and publishing, and the process that does both when it is asked or woken."""
