"""Public keys of the log and of the audit trail as verifiers of notes take them (C2SP signed-note, "Verifier keys").

    <name>+<key id>+<base64 of type and key>

The name is a URL without its scheme: that of the log (C2SP tlog-checkpoint, "origin"), of the trail with `/audit`. The
key id is the first four bytes, in hexadecimal, of SHA-256 over name, line feed, signature type and key.
"""

import base64
import hashlib
import re
from typing import Final

import msgspec

from signing.edwards25519 import validate_public_key
from signing.errors import InvalidKeyError
from signing.keys import KeyPurpose, PublicKey
from signing.public_url import require_public_url

_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_PATHS: Final = {KeyPurpose.LOG: "/log", KeyPurpose.AUDIT: "/audit"}
_VKEY: Final = re.compile(r"([^\s+]{1,300})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")


class VerifierKey(msgspec.Struct, frozen=True):
    """A key that signs notes, with the name it signs them under."""

    name: str
    raw: bytes
    """32 bytes, RFC 8032 §5.1.2."""

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature of this key begins with."""
        return hashlib.sha256(f"{self.name}\n".encode() + _ED25519 + self.raw).digest()[:_KEY_ID_BYTES]


def log_name(public_url: str) -> str:
    """Return the name of the log of an origin, such as `cert.example.cn/log`."""
    return require_public_url(public_url).partition("://")[2] + "/log"


def verifier_key(public_url: str, key: PublicKey) -> VerifierKey:
    """Return the verifier key of a key of the log or of the audit trail.

    Raises:
        InvalidKeyError: the key was made for something else.
        MalformedUrlError: the URL is not an origin that can be public.
    """
    if key.purpose not in _PATHS:
        raise InvalidKeyError("only keys of the log and of the audit trail sign notes")
    return VerifierKey(require_public_url(public_url).partition("://")[2] + _PATHS[key.purpose], key.raw)


def format_vkey(public_url: str, key: PublicKey) -> str:
    """Return the line that stands for the verifier key; refuses as `verifier_key` does."""
    verifier = verifier_key(public_url, key)
    return f"{verifier.name}+{verifier.key_id.hex()}+{base64.b64encode(_ED25519 + key.raw).decode()}"


def parse_vkey(line: str) -> VerifierKey:
    """Return the key of a line exactly as `format_vkey` writes it.

    Raises:
        InvalidKeyError: any other text, or a key that must not be trusted.
    """
    match = _VKEY.fullmatch(line)
    typed = base64.b64decode(match[3]) if match else b""
    if match is None or typed[:1] != _ED25519 or len(typed) != 33:
        raise InvalidKeyError("malformed verifier key")
    validate_public_key(typed[1:])
    key = VerifierKey(match[1], typed[1:])
    if key.key_id.hex() != match[2]:
        raise InvalidKeyError("the id of a verifier key is not of its name and key")
    return key
