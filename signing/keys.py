"""Key ids, public keys and the set of them a verifier trusts.

A key signs one kind of artefact only; its id says which, so a signature made for one format can never be
presented as one of another.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NewType

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from signing.edwards25519 import validate_public_key
from signing.errors import InvalidKeyError, InvalidSignatureError, UnknownKeyError

KeyId = NewType("KeyId", str)
"""`YYYY-<letter><n>`, such as `2026-c1`: the DID fragment and the JWKS `kid`; never used for a second key."""

MAX_COSE_KID: Final = 0xFFFF


class KeyPurpose(StrEnum):
    """What a key signs."""

    CREDENTIAL = "credential"
    QR = "qr"
    STATUS = "status"
    LOG = "log"
    PDF = "pdf"
    RECEIPT = "receipt"
    AUDIT = "audit"

    @property
    def letter(self) -> str:
        """The letter of this purpose in key ids."""
        return self.value[0]


_PURPOSES: Final = {purpose.letter: purpose for purpose in KeyPurpose}
_KEY_ID: Final = re.compile(r"([1-9][0-9]{3})-([cqslpra])([1-9][0-9]{0,3})")


DOCUMENT_PURPOSES: Final = frozenset({KeyPurpose.PDF, KeyPurpose.RECEIPT})
"""Whose keys sign PDF files: P-256, in X.509."""


class KeyIdParts(msgspec.Struct, frozen=True):
    """What a key id says: the year the key was made, its purpose, and its number from 1 within both."""

    year: int
    purpose: KeyPurpose
    number: int


def format_key_id(year: int, purpose: KeyPurpose, number: int) -> KeyId:
    """Return the key id of these parts, such as `2026-c1`; a year or number that does not fit is refused."""
    key_id = f"{year}-{purpose.letter}{number}"
    if not _KEY_ID.fullmatch(key_id):
        raise InvalidKeyError("the year of a key id has four digits, its number is from 1 to 9999")
    return KeyId(key_id)


def parse_key_id(text: str) -> KeyIdParts:
    """Return the parts of a key id exactly as `format_key_id` writes it.

    Raises:
        InvalidKeyError: any other text.
    """
    match = _KEY_ID.fullmatch(text)
    if match is None:
        raise InvalidKeyError("malformed key id")
    return KeyIdParts(int(match[1]), _PURPOSES[match[2]], int(match[3]))


class PublicKey(msgspec.Struct, frozen=True):
    """An Ed25519 public key with its names; constructing it checks all of them.

    Raises:
        InvalidKeyError: a point that must not be trusted, an id of another purpose, one of `DOCUMENT_PURPOSES`
            (their keys are `DocumentKey`s), or a COSE kid on any but a QR key.
    """

    key_id: KeyId
    purpose: KeyPurpose
    raw: bytes
    """32 bytes, RFC 8032 §5.1.2."""
    cose_kid: int | None = None
    """0 to 65535, of QR keys: the two big-endian bytes in the COSE header, unique for ever."""

    def __post_init__(self) -> None:
        if parse_key_id(self.key_id).purpose is not self.purpose or self.purpose in DOCUMENT_PURPOSES:
            raise InvalidKeyError("the key id does not fit the purpose of the key")
        if (self.cose_kid is not None) != (self.purpose is KeyPurpose.QR):
            raise InvalidKeyError("QR keys have a COSE kid, and no others do")
        if self.cose_kid is not None and not 0 <= self.cose_kid <= MAX_COSE_KID:
            raise InvalidKeyError("a COSE kid has two bytes")
        validate_public_key(self.raw)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Return if `signature` is this key's Ed25519 signature of `data`.

        Raises:
            InvalidSignatureError: it is not.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except InvalidSignature:
            raise InvalidSignatureError("the signature does not fit") from None


class TrustedKeys:
    """The public keys a verifier accepts, current and retired, by key id and by COSE kid."""

    def __init__(self, keys: Iterable[PublicKey]) -> None:
        """Two keys under one id are refused: which of them signed would depend on their order."""
        listed = tuple(keys)
        self._by_id = {key.key_id: key for key in listed}
        self._by_cose_kid = {key.cose_kid: key for key in listed if key.cose_kid is not None}
        if len(self._by_id) != len(listed):
            raise InvalidKeyError("two keys have one key id")
        if len(self._by_cose_kid) != sum(key.cose_kid is not None for key in listed):
            raise InvalidKeyError("two keys have one COSE kid")

    def __iter__(self) -> Iterator[PublicKey]:
        return iter(self._by_id.values())

    def get(self, key_id: str, purpose: KeyPurpose) -> PublicKey:
        """Return the key of this id, if it was made for this purpose.

        Raises:
            UnknownKeyError: no trusted key has this id, or its purpose is another.
        """
        key = self._by_id.get(KeyId(key_id))
        if key is None or key.purpose is not purpose:
            raise UnknownKeyError(f"no trusted {purpose} key has this id")
        return key

    def get_by_cose_kid(self, cose_kid: int) -> PublicKey:
        """Return the QR key of this COSE kid.

        Raises:
            UnknownKeyError: no trusted key has this kid.
        """
        key = self._by_cose_kid.get(cose_kid)
        if key is None:
            raise UnknownKeyError("no trusted QR key has this COSE kid")
        return key
