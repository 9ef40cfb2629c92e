"""The file that holds the salt of a record's hashes, for the holder alone."""

from signing.base64url import decode_base64url, encode_base64url
from signing.canonical import canonicalize, parse_canonical
from signing.credential import SALT_BYTES
from signing.errors import MalformedCredentialError


def format_salt(salt: bytes) -> bytes:
    """Return the file's bytes, `{"salt":"…"}`; the 16 bytes stand in it as base64url."""
    return canonicalize({"salt": encode_base64url(salt)})


def parse_salt(data: bytes) -> bytes:
    """Return the 16-byte salt that `format_salt` made exactly this file of.

    Raises:
        MalformedCredentialError: it made it of none.

    """
    value = parse_canonical(data)
    text = value.get("salt")
    if len(value) != 1 or not isinstance(text, str):
        raise MalformedCredentialError("a salt's file has one member, a text")
    salt = decode_base64url(text)
    if len(salt) != SALT_BYTES:
        raise MalformedCredentialError("the salt of an identity hash has 16 bytes")
    return salt
