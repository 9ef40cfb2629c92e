"""Our signer and our keys on the vectors of RFC 8032 §7.1."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing import Ed25519Signer, InvalidSignatureError, KeyId, KeyPurpose, PublicKey

KEY_ID = KeyId("2026-c1")
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "rfc8032_ed25519.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vector_is_signed_and_verified(vector: dict[str, str]) -> None:
    secret, public, message, signature = (
        bytes.fromhex(vector[member]) for member in ("secretKey", "publicKey", "message", "signature")
    )
    signer = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(secret), KEY_ID)
    key = PublicKey(KEY_ID, KeyPurpose.CREDENTIAL, public)

    assert signer.public_key == public
    assert signer.sign(message) == signature
    key.verify(signature, message)
    with pytest.raises(InvalidSignatureError):
        key.verify(signature, message + b"\x00")


def test_all_five_vectors_are_there() -> None:
    assert [len(bytes.fromhex(vector["message"])) for vector in VECTORS] == [0, 1, 2, 1023, 64]
