"""Whose signatures count on this site, and the secrets that open what is sealed."""

import msgspec

from signing import TrustedKeys
from verify_service.sealing.model import SecretKey


class Trust(msgspec.Struct, frozen=True):
    """The issuer's DID and public keys, and the key-encryption keys, newest first."""

    did: str
    keys: TrustedKeys
    field_secrets: tuple[SecretKey, ...]
