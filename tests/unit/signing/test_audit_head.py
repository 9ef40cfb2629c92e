"""Heads of the audit trail: signed notes (C2SP signed-note) that say how far it reached."""

import base64
import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from signing import (
    AuditHead,
    Ed25519Signer,
    InvalidKeyError,
    InvalidSignatureError,
    KeyPurpose,
    MalformedCredentialError,
    PublicKey,
    SigningError,
    UnknownKeyError,
    VerifierKey,
    format_vkey,
    generate_private_key,
    parse_vkey,
    sign_audit_head,
    verify_audit_head,
)
from signing.keys import KeyId

URL = "https://cert.example.cn"
HEAD = AuditHead(4711, bytes(range(32)), datetime.datetime(2026, 11, 28, 7, tzinfo=datetime.UTC))
SIGNER = Ed25519Signer(generate_private_key(), KeyId("2026-a1"))


def key_of(signer: Ed25519Signer, url: str = URL) -> VerifierKey:
    return parse_vkey(format_vkey(url, PublicKey(signer.key_id, KeyPurpose.AUDIT, signer.public_key)))


def test_a_head_says_what_was_signed() -> None:
    assert verify_audit_head(sign_audit_head(HEAD, URL, SIGNER), [key_of(SIGNER)]) == HEAD


def test_a_head_is_a_signed_note_of_four_lines() -> None:
    text, signature = sign_audit_head(HEAD, URL, SIGNER).split("\n\n")

    assert text.split("\n") == [
        "cert.example.cn/audit",
        "4711",
        base64.b64encode(HEAD.event_hash).decode(),
        "2026-11-28T07:00:00Z",
    ]
    dash, name, encoded = signature.removesuffix("\n").split(" ")
    assert (dash, name) == ("—", "cert.example.cn/audit")
    Ed25519PublicKey.from_public_bytes(SIGNER.public_key).verify(
        base64.b64decode(encoded, validate=True)[4:], f"{text}\n".encode()
    )


def test_no_character_of_a_head_can_be_changed() -> None:
    note, keys = sign_audit_head(HEAD, URL, SIGNER), [key_of(SIGNER)]

    for place, character in enumerate(note):
        for other in ("1" if character != "1" else "2", "\n" if character != "\n" else " "):
            with pytest.raises(SigningError):
                verify_audit_head(note[:place] + other + note[place + 1 :], keys)


@pytest.mark.parametrize("more", ["\n", " ", "— cert.example.cn/audit AAAA\n"])
def test_nothing_can_be_added_to_a_head(more: str) -> None:
    with pytest.raises(MalformedCredentialError):
        verify_audit_head(sign_audit_head(HEAD, URL, SIGNER) + more, [key_of(SIGNER)])


def test_a_head_of_another_key_or_site_is_not_believed() -> None:
    note = sign_audit_head(HEAD, URL, SIGNER)
    other = Ed25519Signer(generate_private_key(), KeyId("2026-a1"))

    for keys in ([], [key_of(other)], [key_of(SIGNER, "https://other.example.cn")]):
        with pytest.raises(UnknownKeyError):
            verify_audit_head(note, keys)


def test_a_signature_of_another_head_does_not_fit() -> None:
    later = AuditHead(4712, HEAD.event_hash, HEAD.signed_at)
    text, _ = sign_audit_head(HEAD, URL, SIGNER).split("\n\n")
    _, signature = sign_audit_head(later, URL, SIGNER).split("\n\n")

    with pytest.raises(InvalidSignatureError):
        verify_audit_head(f"{text}\n\n{signature}", [key_of(SIGNER)])


def test_only_a_key_of_the_trail_signs_heads() -> None:
    with pytest.raises(InvalidKeyError):
        sign_audit_head(HEAD, URL, Ed25519Signer(generate_private_key(), KeyId("2026-l1")))


@pytest.mark.parametrize(("event_id", "event_hash"), [(0, bytes(32)), (1, bytes(31)), (1, b"")])
def test_a_head_of_no_event_is_not_signed(event_id: int, event_hash: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        sign_audit_head(AuditHead(event_id, event_hash, HEAD.signed_at), URL, SIGNER)


def test_a_verifier_key_reads_back() -> None:
    line = format_vkey(URL, PublicKey(SIGNER.key_id, KeyPurpose.AUDIT, SIGNER.public_key))
    read = parse_vkey(line)

    assert (read.name, read.raw) == ("cert.example.cn/audit", SIGNER.public_key)
    for wrong in ("", line[:-1], line + " ", line.replace("cert", "cart"), line.replace("+", " ", 1)):
        with pytest.raises(InvalidKeyError):
            parse_vkey(wrong)
