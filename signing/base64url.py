"""base64url without padding (RFC 4648 §5), one spelling per value."""

import base64
import binascii

from signing.errors import MalformedCredentialError


def encode_base64url(data: bytes) -> str:
    """Return the unpadded base64url text of `data`."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """Return the bytes, or refuse text with padding, foreign characters or stray bits in its last character.

    Raises:
        MalformedCredentialError: the text is not what `encode_base64url` gives for any bytes.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise MalformedCredentialError("malformed base64url") from None
    # Python skips foreign characters and ignores the last character's spare bits: several texts, one value.
    if encode_base64url(data) != text:
        raise MalformedCredentialError("base64url in another than its one spelling")
    return data
