"""The unguessable part of a QR URL: 80 random bits as 16 characters of Crockford's base 32."""

from typing import Final

from signing.errors import MalformedCredentialError

TOKEN_BYTES: Final = 10
TOKEN_CHARACTERS: Final = 16

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")


def format_token(token: bytes) -> str:
    """Return the 16 characters of 10 bytes, most significant first; 80 bits fill them exactly, so no padding."""
    if len(token) != TOKEN_BYTES:
        raise MalformedCredentialError("a token has 10 bytes")
    number = int.from_bytes(token, "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def parse_token(text: str) -> bytes:
    """Return the 10 bytes of a token in its one spelling: 16 upper-case characters, without I, L, O and U.

    Raises:
        MalformedCredentialError: any other text, including what `fold_token` would mend.
    """
    if len(text) != TOKEN_CHARACTERS or not _VALUES.keys() >= set(text):
        raise MalformedCredentialError("a token has 16 characters of Crockford's base 32")
    number = 0
    for character in text:
        number = number << 5 | _VALUES[character]
    return number.to_bytes(TOKEN_BYTES, "big")


def fold_token(text: str) -> str:
    """Return what a person meant who typed a token: capitals, O as 0, I and L as 1. Not checked otherwise."""
    return text.upper().translate(_LOOK_ALIKES)
