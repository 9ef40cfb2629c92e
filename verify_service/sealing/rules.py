"""Sealing fields and computing blind indexes. Pure: keys come in, bytes go out.

A sealed field is `0x01 ‖ nonce (12 bytes) ‖ AES-256-GCM ciphertext and tag`, with `table:column:row id` as associated
data, so that a ciphertext moved to another row or column no longer opens.
"""

import secrets
from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from verify_service.errors import UnavailableError
from verify_service.sealing.model import Pair, SecretKey

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
DATA_KEY_BYTES: Final = 32
OF_SUBJECT: Final = "subject_key:wrapped"
"""Where a person's wrapped data key stands; what is no person's names a place of its own."""


class SubjectCipher:
    """Seals and opens the fields of one person, or of one draft, under its data key."""

    def __init__(self, data_key: bytes) -> None:
        self._cipher = AESGCM(data_key)

    def seal(self, plaintext: bytes, place: str, row_id: UUID) -> bytes:
        """Return `plaintext` sealed for `place` (`table:column`) of one row."""
        return _seal(self._cipher, plaintext, _associated_data(place, row_id))

    def open(self, sealed: bytes, place: str, row_id: UUID) -> bytes:
        """Return what was sealed; raise `UnavailableError` if bytes, place, row or key do not belong together."""
        return _open(self._cipher, sealed, _associated_data(place, row_id))


def new_data_key() -> bytes:
    """Return a fresh random data key."""
    return secrets.token_bytes(DATA_KEY_BYTES)


def wrap_data_key(kek: SecretKey, data_key: bytes, row_id: UUID, place: str = OF_SUBJECT) -> bytes:
    """Return the data key of a person, or of another row's, sealed under a key-encryption key."""
    return _seal(AESGCM(kek.key), data_key, _associated_data(place, row_id))


def unwrap_data_key(
    keks: tuple[SecretKey, ...], kek_id: str, wrapped: bytes, row_id: UUID, place: str = OF_SUBJECT
) -> SubjectCipher:
    """Return the cipher of a data key; raise `UnavailableError` naming a key-encryption key that is not there."""
    return SubjectCipher(_unwrap(keks, kek_id, wrapped, row_id, place))


def rewrap_data_key(
    keks: tuple[SecretKey, ...],
    kek_id: str,
    wrapped: bytes,
    new_kek: SecretKey,
    row_id: UUID,
    place: str = OF_SUBJECT,
) -> bytes:
    """Return the same data key sealed under another key-encryption key; refuse as `unwrap_data_key`."""
    return wrap_data_key(new_kek, _unwrap(keks, kek_id, wrapped, row_id, place), row_id, place)


def _unwrap(keks: tuple[SecretKey, ...], kek_id: str, wrapped: bytes, row_id: UUID, place: str) -> bytes:
    for kek in keks:
        if kek.key_id == kek_id:
            return _open(AESGCM(kek.key), wrapped, _associated_data(place, row_id))
    raise UnavailableError("KEY_MISSING", f"the secret {kek_id} is not in KEY_DIR")


def blind_index(secret: SecretKey, purpose: str, *facts: str) -> bytes:
    """Return HMAC-SHA-256 over a purpose and facts, each with its length in front: no two lists share an encoding."""
    message = bytearray()
    for part in (purpose, *facts):
        # Typed input may hold lone surrogates: they must match nothing, not raise.
        encoded = part.encode("utf-8", "surrogatepass")
        message += len(encoded).to_bytes(4, "big") + encoded
    keyed = _keyed(secret.key).copy()
    keyed.update(bytes(message))
    return keyed.finalize()


def pair_index(secret: SecretKey, pair: Pair, first: str, second: str) -> bytes:
    """Return the blind index of two normalised facts, in the order the pair names them."""
    return blind_index(secret, f"lookup pair {pair.value}", first, second)


def subject_index(secret: SecretKey, document_type: str, id_number: str) -> bytes:
    """Return the index that finds one person in the register."""
    return blind_index(secret, "subject", document_type, id_number)


@lru_cache
def _keyed(key: bytes) -> HMAC:
    """Return the HMAC that has taken in its key only: a lookup takes six, and most of each is the key."""
    return HMAC(key, SHA256())


def _associated_data(place: str, row_id: UUID) -> bytes:
    return f"{place}:{row_id.hex}".encode()


def _seal(cipher: AESGCM, plaintext: bytes, associated_data: bytes) -> bytes:
    # Random 96-bit nonces: a person's key seals a few dozen fields, far below the 2^32 of SP 800-38D §8.3.
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + cipher.encrypt(nonce, plaintext, associated_data)


def _open(cipher: AESGCM, sealed: bytes, associated_data: bytes) -> bytes:
    if sealed[:1] != VERSION:
        raise UnavailableError("SEALED_VERSION", "a sealed field has an unknown version")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, ciphertext, associated_data)
    except (InvalidTag, ValueError):
        raise UnavailableError("SEALED_BROKEN", "a sealed field does not open with its key") from None
