"""Heads of the audit trail: how far it reached at an instant, signed, to be kept where nobody can change it.

A head is a signed note (C2SP signed-note). Its first line is the name of its key, then follow the number of the trail's
last event, that event's hash in base64, and the instant; then a blank line and the signature, after an em dash:

    cert.example.cn/audit
    4711
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    2026-11-28T07:00:00Z

    — cert.example.cn/audit bM5wNd6z…
"""

import base64
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from signing.errors import InvalidSignatureError, MalformedCredentialError, UnknownKeyError
from signing.keys import KeyPurpose, PublicKey
from signing.signer import Signer, require_purpose
from signing.timestamp import format_timestamp, parse_timestamp
from signing.vkey import VerifierKey, verifier_key

MAX_NOTE_CHARACTERS: Final = 2_000
_NOTE: Final = re.compile(
    r"(?P<text>(?P<name>[^\s+]+)\n(?P<event>[1-9][0-9]{0,18})\n(?P<hash>[A-Za-z0-9+/]{43}=)\n(?P<at>\S+)\n)"
    r"\n— (?P<by>[^\s+]+) (?P<signature>[A-Za-z0-9+/=]{92})\n"
)


class AuditHead(msgspec.Struct, frozen=True):
    """What a head says: at this instant the trail ended with this event."""

    event_id: int
    event_hash: bytes
    """SHA-256, 32 bytes."""
    signed_at: datetime
    """Aware, UTC, whole seconds."""


def sign_audit_head(head: AuditHead, public_url: str, signer: Signer) -> str:
    """Return the signed note of a head.

    Raises:
        InvalidKeyError: the signer's key was made for something else.
        MalformedCredentialError: a hash of another length, or an instant in another form.
    """
    require_purpose(signer, KeyPurpose.AUDIT)
    if len(head.event_hash) != 32 or head.event_id < 1:
        raise MalformedCredentialError("a head names an event by its number from 1 and its SHA-256")
    key = verifier_key(public_url, PublicKey(signer.key_id, KeyPurpose.AUDIT, signer.public_key))
    lines = (key.name, str(head.event_id), base64.b64encode(head.event_hash).decode(), format_timestamp(head.signed_at))
    text = "".join(f"{line}\n" for line in lines)
    signature = base64.b64encode(key.key_id + signer.sign(text.encode())).decode()
    return f"{text}\n— {key.name} {signature}\n"


def verify_audit_head(note: str, keys: Iterable[VerifierKey]) -> AuditHead:
    """Return what a note says that one of these keys signed.

    Raises:
        MalformedCredentialError: another text than `sign_audit_head` writes.
        UnknownKeyError: none of the keys has this name and id.
        InvalidSignatureError: the signature is not of that key and text.
    """
    parts = _NOTE.fullmatch(note) if len(note) <= MAX_NOTE_CHARACTERS else None
    signature = base64.b64decode(parts["signature"]) if parts else b""
    if parts is None or parts["by"] != parts["name"] or base64.b64encode(signature).decode() != parts["signature"]:
        raise MalformedCredentialError("malformed head of an audit trail")
    key = next((key for key in keys if key.name == parts["name"] and key.key_id == signature[:4]), None)
    if key is None:
        raise UnknownKeyError("no trusted key of the audit trail has this name and id")
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature[4:], parts["text"].encode())
    except InvalidSignature:
        raise InvalidSignatureError("the signature does not fit") from None
    return AuditHead(int(parts["event"]), base64.b64decode(parts["hash"]), parse_timestamp(parts["at"]))
