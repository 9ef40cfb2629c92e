"""Certificates as signed credentials: issued, revoked, corrected, listed."""
