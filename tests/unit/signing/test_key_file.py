import os
import shutil
import subprocess

import pytest
from asn1crypto import keys, pem  # type: ignore[import-untyped]  # asn1crypto ships no types
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signing import KeyFileError, KeyId, generate_private_key, open_private_key, seal_private_key

KEY_ID = KeyId("2026-c1")
PASSPHRASE = "口令 with spaces".encode()


@pytest.fixture(scope="module")
def private_key() -> Ed25519PrivateKey:
    return generate_private_key()


@pytest.fixture(scope="module")
def sealed(private_key: Ed25519PrivateKey) -> bytes:
    return seal_private_key(private_key, PASSPHRASE)


def test_a_sealed_key_opens_as_the_signer_it_was(private_key: Ed25519PrivateKey, sealed: bytes) -> None:
    signer = open_private_key(sealed, PASSPHRASE, KEY_ID)

    assert signer.key_id == KEY_ID
    assert signer.public_key == private_key.public_key().public_bytes_raw()


def test_the_passphrase_is_stretched_by_600_000_rounds_of_sha_256(sealed: bytes) -> None:
    _, _, der = pem.unarmor(sealed)
    algorithm = keys.EncryptedPrivateKeyInfo.load(der)["encryption_algorithm"]

    assert algorithm.kdf_iterations == 600_000
    assert algorithm.kdf_hmac == "sha256"
    assert (algorithm.encryption_cipher, algorithm.key_length) == ("aes", 32)


@pytest.mark.skipif(shutil.which("openssl") is None and "CI" not in os.environ, reason="needs the openssl command")
def test_openssl_reads_the_file(sealed: bytes) -> None:
    command = ["openssl", "pkey", "-noout", "-text_pub", "-passin", f"pass:{PASSPHRASE.decode()}"]
    answer = subprocess.run(command, input=sealed, capture_output=True, check=False)  # noqa: S603  # fixed command

    assert answer.returncode == 0
    assert b"ED25519 Public-Key" in answer.stdout


def test_two_files_of_one_key_share_neither_salt_nor_ciphertext(private_key: Ed25519PrivateKey, sealed: bytes) -> None:
    assert seal_private_key(private_key, PASSPHRASE) != sealed


def test_the_p256_keys_of_pdfs_are_sealed_alike() -> None:
    private_key = ec.generate_private_key(ec.SECP256R1())

    opened = load_pem_private_key(seal_private_key(private_key, PASSPHRASE), PASSPHRASE)

    assert opened.public_key() == private_key.public_key()


def test_a_key_is_not_written_without_a_passphrase(private_key: Ed25519PrivateKey) -> None:
    with pytest.raises(KeyFileError):
        seal_private_key(private_key, b"")


def test_another_passphrase_does_not_open_the_file(sealed: bytes) -> None:
    with pytest.raises(KeyFileError, match="2026-c1"):
        open_private_key(sealed, b"another", KEY_ID)


def test_files_that_are_no_sealed_ed25519_key_are_refused(private_key: Ed25519PrivateKey, sealed: bytes) -> None:
    plain = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE)
    )

    for data in (b"", b"nonsense", sealed[:120], sealed.replace(b"M", b"N", 1), plain, other):
        with pytest.raises(KeyFileError):
            open_private_key(data, PASSPHRASE, KEY_ID)
