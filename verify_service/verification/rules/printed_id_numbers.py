"""Whether the ID number on a page is the holder's: by its masked form, or by the record's hash and a salt."""

from enum import Enum
from typing import Final

import msgspec

from signing import MalformedCredentialError, identity_hash, parse_salt
from verify_service.subjects.rules.masks import mask_id_number

MAX_SALT_BYTES: Final = 256
"""Of the attached file; ours have 33."""


class Agreement(Enum):
    """What comparing came to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNPROVEN = "unproven"
    """Nothing against it, and nothing for what its masked form hides."""


class KnownIdNumber(msgspec.Struct, frozen=True):
    """What is known of a holder's ID number; None is what neither signatures nor register said."""

    masked: str | None
    """By the register."""
    hashed: str | None
    """`identity_hash`, of the record."""


def compare_id_number(text: str, known: KnownIdNumber, salt_file: bytes | None) -> Agreement:
    """Return whether a printed number is the known one; `salt_file` is as attached, and may be anybody's.

    Its first and last character are those of every hundredth number. So what is printed in any other form than the
    masked one needs the salt.
    """
    if known.masked is not None and mask_id_number(text) != known.masked:
        return Agreement.DIFFERS
    if text == mask_id_number(text):
        return Agreement.AGREES
    if known.hashed is None or salt_file is None:
        return Agreement.UNPROVEN
    return Agreement.AGREES if _hash(text, salt_file) == known.hashed else Agreement.DIFFERS


def _hash(text: str, salt_file: bytes) -> str | None:
    try:
        return identity_hash(text, parse_salt(salt_file))
    except MalformedCredentialError:
        return None
