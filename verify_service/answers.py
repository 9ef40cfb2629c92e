"""The words of the register's answers, the same in JSON, on pages and in the database."""

from typing import Literal

Status = Literal["valid", "revoked", "superseded"]
"""What became of a certificate that exists; "not found" and "cannot verify now" are answers about the question."""

PublicReason = Literal["issued_in_error", "key_compromise", "withdrawn"]
"""Why a certificate was revoked, as far as the public may know."""
