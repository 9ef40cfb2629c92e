import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from signing import (
    Ed25519Signer,
    InvalidKeyError,
    KeyId,
    KeyPurpose,
    PublicKey,
    canonicalize,
    decode_base64url,
    jwks,
    parse_compromised_keys,
    parse_jwks,
)


def test_the_keys_survive_the_round_trip(credential_key: PublicKey, qr_key: PublicKey) -> None:
    assert parse_jwks(jwks([credential_key, qr_key])) == (credential_key, qr_key)


def test_only_qr_keys_carry_the_number_in_the_cose_header(credential_key: PublicKey, qr_key: PublicKey) -> None:
    credential_jwk, qr_jwk = json.loads(jwks([credential_key, qr_key]))["keys"]

    assert "coseKid" not in credential_jwk
    assert qr_jwk["coseKid"] == 1
    assert (qr_jwk["kty"], qr_jwk["crv"], qr_jwk["kid"]) == ("OKP", "Ed25519", "2026-q1")


def test_a_compromised_key_is_in_the_set_for_those_only_who_ask_for_it(
    credential_key: PublicKey, qr_key: PublicKey
) -> None:
    published = jwks([credential_key, qr_key], {"2026-q1"})

    assert parse_jwks(published) == (credential_key,)
    assert parse_compromised_keys(published) == (qr_key,)
    assert [key["kid"] for key in json.loads(published)["keys"]] == ["2026-c1"]


def test_a_jwk_holds_the_raw_key(qr_signer: Ed25519Signer, qr_key: PublicKey) -> None:
    raw = decode_base64url(json.loads(jwks([qr_key]))["keys"][0]["x"])

    Ed25519PublicKey.from_public_bytes(raw).verify(qr_signer.sign(b"data"), b"data")


def test_log_keys_are_published_elsewhere(credential_signer: Ed25519Signer) -> None:
    log_key = PublicKey(KeyId("2026-l1"), KeyPurpose.LOG, credential_signer.public_key)

    assert json.loads(jwks([log_key])) == {"keys": []}


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "EC"},
        {"crv": "X25519"},
        {"kid": "2026-c1"},
        {"kid": "nonsense"},
        {"kid": 1},
        {"x": ""},
        {"x": "A" * 43},
        {"coseKid": None},
        {"coseKid": "1"},
        {"coseKid": 65_536},
    ],
)
def test_a_key_that_must_not_be_trusted_spoils_the_set(qr_key: PublicKey, change: dict[str, Any]) -> None:
    jwk = json.loads(jwks([qr_key]))["keys"][0] | change

    with pytest.raises(InvalidKeyError):
        parse_jwks(canonicalize({"keys": [jwk]}))


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"keys":{}}', b'{"keys":[[]]}', b"\xff", b"[" * 100_000, b'{"keys":[],"z":' + b"[" * 100_000],
)
def test_bytes_that_are_no_key_set_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidKeyError):
        parse_jwks(data)
