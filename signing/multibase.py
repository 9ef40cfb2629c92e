"""base58btc with its multibase prefix, and Ed25519 public keys as Multikey (W3C Controlled Identifiers §2.2, §2.4)."""

from typing import Final

from signing.errors import MalformedCredentialError

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_BASE58BTC_PREFIX: Final = "z"
_ED25519_PUBLIC_KEY: Final = b"\xed\x01"
"""The multicodec 0xed as a varint."""

_MAX_CHARACTERS: Final = 256
"""Decoding is quadratic: nothing of ours (a key, a signature) has more than 90 characters."""


def encode_base58btc(data: bytes) -> str:
    """Return multibase text: `z`, a `1` for every leading zero byte, then the number in base 58."""
    number = int.from_bytes(data, "big")
    digits = []
    while number:
        number, remainder = divmod(number, 58)
        digits.append(_ALPHABET[remainder])
    leading_zeros = len(data) - len(data.lstrip(b"\0"))
    return _BASE58BTC_PREFIX + _ALPHABET[0] * leading_zeros + "".join(reversed(digits))


def decode_base58btc(text: str) -> bytes:
    """Return the bytes of multibase text with prefix `z`; every byte string has exactly one such text.

    Raises:
        MalformedCredentialError: another prefix, a character outside the alphabet, or more than 256 characters.
    """
    if not text.startswith(_BASE58BTC_PREFIX) or len(text) > _MAX_CHARACTERS:
        raise MalformedCredentialError("malformed base58btc")
    digits = text[1:]
    number = 0
    for character in digits:
        if character not in _VALUES:
            raise MalformedCredentialError("malformed base58btc")
        number = number * 58 + _VALUES[character]
    leading_zeros = len(digits) - len(digits.lstrip(_ALPHABET[0]))
    return bytes(leading_zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_multikey(public_key: bytes) -> str:
    """Return the Multikey text of a raw 32-byte Ed25519 public key: always `z6Mk…`."""
    return encode_base58btc(_ED25519_PUBLIC_KEY + public_key)


def decode_multikey(text: str) -> bytes:
    """Return the raw 32 bytes of an Ed25519 Multikey; any other kind of key is refused.

    Raises:
        MalformedCredentialError: not base58btc, or not an Ed25519 public key.
    """
    data = decode_base58btc(text)
    if not data.startswith(_ED25519_PUBLIC_KEY) or len(data) != len(_ED25519_PUBLIC_KEY) + 32:
        raise MalformedCredentialError("not an Ed25519 Multikey")
    return data[len(_ED25519_PUBLIC_KEY) :]
