"""The issuer's keys and secrets: made, taken into use, ended, and read by whoever works with them."""

from verify_service.keys.service.listing import list_keys, published_files
from verify_service.keys.service.making import initialise
from verify_service.keys.service.reading import (
    active_document_key,
    active_key,
    require_genuine_secrets,
    require_issuer,
    require_secrets,
    trusted_keys,
)
from verify_service.keys.service.signing_keys import mark_compromised, retire_signing_key, rotate_signing_key

__all__ = [
    "active_document_key",
    "active_key",
    "initialise",
    "list_keys",
    "mark_compromised",
    "published_files",
    "require_genuine_secrets",
    "require_issuer",
    "require_secrets",
    "retire_signing_key",
    "rotate_signing_key",
    "trusted_keys",
]
