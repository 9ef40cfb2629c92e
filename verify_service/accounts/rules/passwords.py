"""Passwords: what is refused as one, and argon2id (RFC 9106) for those that are kept."""

from typing import Final

import argon2

from verify_service.errors import FieldError

MIN_CHARACTERS: Final = 12
MAX_CHARACTERS: Final = 256
"""So that nobody has us hash a book."""
MIN_DIFFERENT: Final = 5

# RFC 9106 §4, second recommended option, a little lower in memory: 46 MiB a try, of which few run at once.
_HASHER: Final = argon2.PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
NOBODYS_HASH: Final = _HASHER.hash("nobody has this password")
"""What is compared where a name is nobody's, so that it takes as long."""


def require_password(text: str, name: str) -> str:
    """Return an acceptable password; raise FieldError `TOO_SHORT`, `TOO_LONG`, `TOO_SIMPLE` or `CONTAINS_NAME`.

    Length and not kinds of characters, as NIST SP 800-63B §5.1.1.2 advises.
    """
    if len(text) < MIN_CHARACTERS:
        raise FieldError("TOO_SHORT")
    if len(text) > MAX_CHARACTERS:
        raise FieldError("TOO_LONG")
    if len(set(text)) < MIN_DIFFERENT:
        raise FieldError("TOO_SIMPLE")
    if name in text.lower():
        raise FieldError("CONTAINS_NAME")
    return text


def hash_password(password: str) -> str:
    """Return the PHC string of a password; some 50 ms."""
    return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Tell whether a password is the one that was hashed; as slow where it is not."""
    try:
        return _HASHER.verify(password_hash, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
