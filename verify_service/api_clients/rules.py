"""API keys: `vsk_`, 160 random bits in base32, and a checksum, so that scanners for leaked keys know one at sight."""

import base64
import hashlib
import hmac
import re
import secrets
import zlib
from typing import Final

from verify_service.api_clients.model import BatchName
from verify_service.errors import UsageError

PREFIX: Final = "vsk_"
RANDOM_BYTES: Final = 20
FORM: Final = re.compile(r"vsk_[a-z2-7]{39}")
CHECKSUM_CHARACTERS: Final = 7
MAX_NAME_CHARACTERS: Final = 100
MAX_PURPOSE_CHARACTERS: Final = 500
IDEMPOTENCY_KEY: Final = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')
"""A string of RFC 8941 §3.3.3 without escapes, as the draft has it, or the same without its quotes, as most send it."""


def new_key() -> str:
    """Return a fresh key."""
    body = PREFIX + _base32(secrets.token_bytes(RANDOM_BYTES))
    return body + _checksum(body)


def is_key(text: str) -> bool:
    """Tell whether this has the form and checksum of a key. The checksum is no secret and opens nothing."""
    body, checksum = text[:-CHECKSUM_CHARACTERS], text[-CHECKSUM_CHARACTERS:]
    return FORM.fullmatch(text) is not None and checksum == _checksum(body)


def key_hash(key: str) -> bytes:
    """Return what is stored of a key.

    A plain hash suffices where a password would need a slow one: nobody tries 2**160 keys. How long its index takes to
    find it tells of the hash of a guess, which nobody can steer towards that of a key.
    """
    return hashlib.sha256(key.encode()).digest()


def bearer_key(authorization: str) -> str | None:
    """Return the well-formed key of an Authorization header (RFC 6750 §2.1), or None."""
    scheme, _, key = authorization.partition(" ")
    return key if scheme.lower() == "bearer" and is_key(key) else None


def parse_idempotency_key(text: str) -> str:
    """Return the key of an `Idempotency-Key` header, with or without quotes; raise ValueError for anything else."""
    match = IDEMPOTENCY_KEY.fullmatch(text)
    if match is None:
        raise ValueError("not an Idempotency-Key")
    quoted, bare = match.groups()
    return str(bare if quoted is None else quoted)


def batch_name(key: str, idempotency_key: str | None, body: bytes) -> BatchName:
    """Return under which MACs a request is remembered.

    The API key is not in the database. So whoever steals that cannot try out whose ID numbers were asked about.
    """
    request_mac = None if idempotency_key is None else _mac(key, b"request", idempotency_key.encode())
    return BatchName(request_mac, _mac(key, b"body", body))


def require_name_and_purpose(name: str, purpose: str) -> None:
    """Refuse what could not be listed in one line, or says nothing."""
    if name.startswith(("@", "-")):
        raise UsageError("BAD_TEXT", "--name: begin with another character than @ or -")
    for option, text, most in (("--name", name, MAX_NAME_CHARACTERS), ("--purpose", purpose, MAX_PURPOSE_CHARACTERS)):
        if not text.strip() or len(text) > most or not text.isprintable():
            raise UsageError("BAD_TEXT", f"{option}: write 1 to {most} characters in one line")


def _mac(key: str, what: bytes, data: bytes) -> bytes:
    return hmac.digest(key.encode(), what + b"|" + data, "sha256")


def _checksum(body: str) -> str:
    return _base32(zlib.crc32(body.encode()).to_bytes(4, "big"))


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()
