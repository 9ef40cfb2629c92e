"""What can make a signature: a private key in memory, or anything else with the same three members."""

import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing.errors import InvalidKeyError
from signing.keys import KeyId, KeyPurpose, parse_key_id


class Signer(Protocol):
    """An Ed25519 private key that may live elsewhere, as in a PKCS#11 token."""

    @property
    def key_id(self) -> KeyId:
        """The id under which verifiers find the public half."""

    @property
    def public_key(self) -> bytes:
        """The raw 32 bytes of the public half."""

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature (RFC 8032, not pre-hashed): the same for the same data."""


class Ed25519Signer:
    """A signer whose private key is in this process."""

    def __init__(self, private_key: Ed25519PrivateKey, key_id: KeyId) -> None:
        parse_key_id(key_id)
        self.key_id = key_id
        self.public_key = private_key.public_key().public_bytes_raw()
        self._private_key = private_key

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.key_id})"

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of `data`."""
        return self._private_key.sign(data)


def require_purpose(signer: Signer, purpose: KeyPurpose) -> None:
    """Return if the signer's key was made for `purpose`: one key never signs two formats.

    Raises:
        InvalidKeyError: it was made for another.
    """
    if parse_key_id(signer.key_id).purpose is not purpose:
        raise InvalidKeyError(f"this signature needs a {purpose} key")


class DocumentSigner(Protocol):
    """Signs PDFs, naming its certificate."""

    not_before: datetime.datetime
    """Since when its certificate counts; aware."""
    max_bytes: int
    """The most a signature of it takes, in DER."""

    async def sign_digest(self, digest: bytes) -> bytes:
        """Return the CMS signature, in DER, of content whose SHA-256 digest this is; raise `TimeStampError`."""
        ...
