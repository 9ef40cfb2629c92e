"""Public keys of the log as `signed-note` verifiers take them (C2SP signed-note, "Verifier keys").

    <name>+<key id>+<base64 of type and key>

The name is that of the log: a URL without its scheme (C2SP tlog-checkpoint, "origin"). The key id is the first four
bytes, in hexadecimal, of SHA-256 over name, line feed, signature type and key.
"""

import base64
import hashlib
from typing import Final

from signing.errors import InvalidKeyError
from signing.keys import KeyPurpose, PublicKey
from signing.public_url import require_public_url

_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4


def log_name(public_url: str) -> str:
    """Return the name of the log of an origin, such as `cert.example.cn/log`."""
    return require_public_url(public_url).partition("://")[2] + "/log"


def format_vkey(public_url: str, key: PublicKey) -> str:
    """Return the verifier key of a log key.

    Raises:
        InvalidKeyError: the key was made for something else.
        MalformedUrlError: the URL is not an origin that can be public.
    """
    if key.purpose is not KeyPurpose.LOG:
        raise InvalidKeyError("only log keys have a verifier key")
    name, typed = log_name(public_url), _ED25519 + key.raw
    key_id = hashlib.sha256(f"{name}\n".encode() + typed).digest()[:_KEY_ID_BYTES]
    return f"{name}+{key_id.hex()}+{base64.b64encode(typed).decode()}"
