"""Bits as W3C Bitstring Status List 1.0 §3 writes them: multibase `u`, base64url, gzip, most significant bit first."""

import gzip
import zlib
from typing import Final

from signing.base64url import decode_base64url, encode_base64url
from signing.credential import STATUS_LIST_ENTRIES
from signing.errors import MalformedCredentialError

BITSTRING_BYTES: Final = STATUS_LIST_ENTRIES // 8

_MULTIBASE_BASE64URL: Final = "u"
_GZIP_WINDOW: Final = zlib.MAX_WBITS | 16
"""With a header and a checksum of gzip, and no other format."""


def encode_bitstring(bits: bytes) -> str:
    """Return the `encodedList` of these bits."""
    # Without a time of compression: what was signed twice in one second is then the same.
    return _MULTIBASE_BASE64URL + encode_base64url(gzip.compress(bits, compresslevel=9, mtime=0))


def decode_bitstring(text: str) -> bytes:
    """Return the 16,384 bytes of an `encodedList`; entry 0 is the most significant bit of byte 0.

    Raises:
        MalformedCredentialError: not one gzip member of exactly that many bytes, in the one spelling of its text.
    """
    if not text.startswith(_MULTIBASE_BASE64URL):
        raise MalformedCredentialError("a bitstring of another encoding")
    inflater = zlib.decompressobj(_GZIP_WINDOW)
    try:
        # With a bound: a few kilobytes can unpack to gigabytes.
        bits = inflater.decompress(decode_base64url(text[1:]), BITSTRING_BYTES + 1)
    except zlib.error:
        raise MalformedCredentialError("a bitstring that is not gzip") from None
    # Before the end neither length nor checksum has been compared; behind it anything could be hidden.
    if not inflater.eof or inflater.unused_data or len(bits) != BITSTRING_BYTES:
        raise MalformedCredentialError("a bitstring of another length")
    return bits
