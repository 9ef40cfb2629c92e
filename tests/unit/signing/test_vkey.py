"""Verifier keys of the log (C2SP signed-note)."""

import base64
import hashlib

import pytest

from signing import InvalidKeyError, KeyPurpose, PublicKey, format_vkey, generate_private_key, log_name
from signing.keys import KeyId


def log_key(purpose: KeyPurpose = KeyPurpose.LOG) -> PublicKey:
    raw = generate_private_key().public_key().public_bytes_raw()
    return PublicKey(key_id=KeyId("2026-l1"), purpose=purpose, raw=raw)


def test_a_verifier_key_is_what_the_definition_of_signed_notes_says() -> None:
    key = log_key()

    name, key_hash, encoded = format_vkey("https://cert.example.cn", key).split("+", 2)

    assert name == log_name("https://cert.example.cn") == "cert.example.cn/log"
    assert base64.b64decode(encoded, validate=True) == b"\x01" + key.raw
    assert bytes.fromhex(key_hash) == hashlib.sha256(b"cert.example.cn/log\n\x01" + key.raw).digest()[:4]


def test_only_a_log_key_has_one() -> None:
    with pytest.raises(InvalidKeyError):
        format_vkey("https://cert.example.cn", log_key(KeyPurpose.STATUS))
