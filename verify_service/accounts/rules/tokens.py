"""Unguessable tokens of sessions, forms and invitations, and what is kept of them."""

import hashlib
import hmac
import re
import secrets
from typing import Final

TOKEN_BYTES: Final = 32
MAX_CHARACTERS: Final = 64
_DEVICES: Final = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def new_token() -> str:
    """Return 256 random bits as URL-safe text."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Return what is kept of a token: it has all its bits, so a plain SHA-256 is not turned round."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def form_token(cookie_token: str) -> str:
    """Return what a form must carry beside the cookie it came with; it does not tell the cookie."""
    return hmac.digest(cookie_token.encode("utf-8", "surrogatepass"), b"form", "sha256").hex()


def describe_device(user_agent: str) -> str:
    """Return browser and system in two words of ours, such as `Chrome Windows`: nothing of the header itself."""
    known = (next((word for mark, word in words if mark in user_agent), "") for words in (_DEVICES, _SYSTEMS))
    return " ".join(word for word in known if word)


HANDLE: Final = re.compile(r"[a-z][a-z0-9.-]{1,31}")


def is_handle(name: str) -> bool:
    """Tell whether a name can be an account's: 2 to 32 of a-z, 0-9, dot and hyphen, a letter first."""
    return HANDLE.fullmatch(name) is not None
