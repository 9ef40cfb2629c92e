"""Private keys at rest: encrypted PKCS#8 in PEM (RFC 5958, RFC 8018 PBES2), readable by any OpenSSL.

`cryptography` encrypts with 2,048 rounds of PBKDF2 and offers no other number, so the envelope is put together
here: PBKDF2-HMAC-SHA-256 with 600,000 rounds (OWASP's figure of 2023) and AES-256-CBC.
"""

import secrets
from typing import Final, TypeAlias

from asn1crypto import algos, core, keys, pem  # type: ignore[import-untyped]  # asn1crypto ships no types
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signing.errors import KeyFileError
from signing.keys import KeyId
from signing.signer import Ed25519Signer

SealablePrivateKey: TypeAlias = Ed25519PrivateKey | EllipticCurvePrivateKey

PBKDF2_ROUNDS: Final = 600_000
_SALT_BYTES: Final = 16
_AES_BLOCK_BYTES: Final = 16
_AES_256_KEY_BYTES: Final = 32


def generate_private_key() -> Ed25519PrivateKey:
    """Return a new Ed25519 private key from the operating system's randomness."""
    return Ed25519PrivateKey.generate()


def seal_private_key(private_key: SealablePrivateKey, passphrase: bytes) -> bytes:
    """Return the PEM bytes (`ENCRYPTED PRIVATE KEY`) of a key under `passphrase`; salt and IV are fresh.

    Raises:
        KeyFileError: the passphrase is empty.
    """
    if not passphrase:
        raise KeyFileError("a private key is not written without a passphrase")
    plain = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, iv = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_AES_BLOCK_BYTES)
    envelope = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": _pbes2(salt, iv),
            "encrypted_data": _encrypt(plain, _derive_key(passphrase, salt), iv),
        }
    )
    armoured: bytes = pem.armor("ENCRYPTED PRIVATE KEY", envelope.dump())
    return armoured


def open_private_key(data: bytes, passphrase: bytes, key_id: KeyId) -> Ed25519Signer:
    """Return the signer of an encrypted PEM file, ours or one `openssl pkcs8 -topk8` wrote.

    Raises:
        KeyFileError: not such a file, not encrypted, another passphrase, or not an Ed25519 key.
        InvalidKeyError: a malformed key id.
    """
    private_key = _open(data, passphrase, key_id)
    if not isinstance(private_key, Ed25519PrivateKey):
        raise KeyFileError(f"the file of key {key_id} does not hold an Ed25519 key")
    return Ed25519Signer(private_key, key_id)


def open_document_key(data: bytes, passphrase: bytes, key_id: KeyId) -> EllipticCurvePrivateKey:
    """Return the P-256 private key of an encrypted PEM file, which signs PDFs.

    Raises:
        KeyFileError: not such a file, not encrypted, another passphrase, or another kind of key.
    """
    return _require_p256(_open(data, passphrase, key_id), key_id)


def _require_p256(private_key: PrivateKeyTypes, key_id: KeyId) -> EllipticCurvePrivateKey:
    if not isinstance(private_key, EllipticCurvePrivateKey) or not isinstance(private_key.curve, SECP256R1):
        raise KeyFileError(f"the file of key {key_id} does not hold a P-256 key")
    return private_key


def write_document_key(private_key: EllipticCurvePrivateKey) -> bytes:
    """Return the PEM bytes (`PRIVATE KEY`) of a key that is protected by the mode of its file alone."""
    return private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_document_key(data: bytes, key_id: KeyId) -> EllipticCurvePrivateKey:
    """Return the P-256 private key of a PEM file by `write_document_key`.

    Raises:
        KeyFileError: not such a file, encrypted, or another kind of key.
    """
    return _require_p256(_open(data, None, key_id), key_id)


def _open(data: bytes, passphrase: bytes | None, key_id: KeyId) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(data, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"the file of key {key_id} is damaged, not encrypted, or under another passphrase") from None


def _pbes2(salt: bytes, iv: bytes) -> algos.EncryptionAlgorithm:
    """RFC 8018 §A.4: the parameters a reader needs besides the passphrase."""
    key_derivation = {
        "algorithm": "pbkdf2",
        "parameters": {
            "salt": algos.Pbkdf2Salt("specified", salt),
            "iteration_count": PBKDF2_ROUNDS,
            "prf": {"algorithm": "sha256", "parameters": core.Null()},  # RFC 8018 §B.1.2: present, and NULL
        },
    }
    encryption = {"algorithm": "aes256_cbc", "parameters": iv}
    return algos.EncryptionAlgorithm(
        {"algorithm": "pbes2", "parameters": {"key_derivation_func": key_derivation, "encryption_scheme": encryption}}
    )


def _derive_key(passphrase: bytes, salt: bytes) -> bytes:
    return PBKDF2HMAC(hashes.SHA256(), _AES_256_KEY_BYTES, salt, PBKDF2_ROUNDS).derive(passphrase)


def _encrypt(plain: bytes, key: bytes, iv: bytes) -> bytes:
    """AES-256-CBC with its padding up to a whole block (RFC 8018 §B.2.5)."""
    padder = padding.PKCS7(_AES_BLOCK_BYTES * 8).padder()
    encryptor = Cipher(AES256(key), CBC(iv)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
