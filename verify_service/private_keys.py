"""Where the private halves of signing keys are: files of `KEY_DIR`, or a token."""

import datetime
from typing import Literal

from signing import (
    KeyPurpose,
    Signer,
    encode_point,
    generate_document_key,
    generate_private_key,
    parse_key_id,
    seal_private_key,
    self_signed_certificate,
)
from verify_service.key_directory import KeyDirectory
from verify_service.pkcs11_token import Pkcs11Token
from verify_service.settings import TokenSettings


class PrivateKeys:
    """Makes keys and opens them, each once a run: a file costs 600,000 rounds.

    With a token new keys are made in it; those that lie in `KEY_DIR` go on signing what names them.
    """

    def __init__(self, directory: KeyDirectory, token: TokenSettings | None = None) -> None:
        self.directory = directory
        self._token = None if token is None else Pkcs11Token(token)
        self._opened: dict[str, Signer] = {}

    def place(self, key_id: str) -> Literal["file", "token"] | None:
        """Return where the private half of a key is, or None where this machine has not got it."""
        if self.directory.has_private_key(key_id):
            return "file"
        return "token" if self._token is not None and self._token.holds(key_id) else None

    def make(self, key_id: str) -> bytes:
        """Make a key of an id that is not taken, and return its raw public half."""
        if self._token is not None:
            return self._token.make(key_id)
        private_key = generate_private_key()
        self.directory.add_private_key(key_id, seal_private_key(private_key, self.directory.passphrase()))
        return private_key.public_key().public_bytes_raw()

    def make_document_key(self, key_id: str, organisation: str, on: datetime.date) -> bytes:
        """Make a key that signs PDFs or receipts, and its certificate; return its public half, as `DocumentKey.point`.

        Always in `KEY_DIR`: it vouches for the file alone, never for what the record says.
        """
        private_key = generate_document_key()
        self.directory.add_certificate(key_id, self_signed_certificate(private_key, organisation, on))
        if parse_key_id(key_id).purpose is KeyPurpose.RECEIPT:
            self.directory.add_receipt_key(key_id, private_key)
        else:
            self.directory.add_private_key(key_id, seal_private_key(private_key, self.directory.passphrase()))
        return encode_point(private_key.public_key())

    def signer(self, key_id: str) -> Signer:
        """Return the signer of a key id; raise `UsageError` naming one that is missing or does not open."""
        if key_id not in self._opened:
            in_token = self._token is not None and not self.directory.has_private_key(key_id)
            source = self._token if self._token is not None and in_token else self.directory
            self._opened[key_id] = source.signer(key_id)
        return self._opened[key_id]
