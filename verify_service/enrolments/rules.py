"""Redemption codes: 80 random bits as 16 Crockford base32 characters, and one check character."""

import secrets

from signing import format_token
from signing.certificate_number import check_character


def new_redemption_code() -> str:
    """Return a code such as `7M2KQ4T9XWZB3DHR5`: unguessable, the last character checking the rest.

    The check character is ISO/IEC 7064 MOD 37,36: it finds every mistyped character and every swap of neighbours.
    """
    random_part = format_token(secrets.token_bytes(10))
    return random_part + check_character(random_part)
