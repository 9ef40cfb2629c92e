"""Redemption codes: 80 random bits as 16 characters of Crockford's base 32, and a check character of the same 32.

The check is a weighted sum over GF(32): the sum of `2^i` times the value of character `i`, from the right, is zero. Two
is primitive modulo x^5 + x^2 + 1, so the weights of the 17 places all differ: every one wrong character shows, and
every swap of two, however far apart. A check character outside the alphabet could be folded away as it is read.
"""

import secrets
from typing import Final

from signing import TOKEN_BYTES, fold_token, format_token
from verify_service.errors import FieldError
from verify_service.subjects.rules.folding import fold_number

CODE_CHARACTERS: Final = 17

_VALUES: Final = {character: value for value, character in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}
_CHARACTERS: Final = "".join(_VALUES)
_POLYNOMIAL: Final = 0b100101
_GROUP: Final = 4


def new_redemption_code() -> str:
    """Return a code such as `7M2KQ4T9XWZB3DHR3`, unguessable but for its last character."""
    random_part = format_token(secrets.token_bytes(TOKEN_BYTES))
    return random_part + check_character(random_part)


def check_character(random_part: str) -> str:
    """Return the character that makes the weighted sum of 16 others and itself zero."""
    return _CHARACTERS[_doubled(_weighted_sum(random_part))]


def format_code(code: str) -> str:
    """Return a code in groups, as it is printed: `7M2K-Q4T9-XWZB-3DHR-3`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def parse_code(text: str) -> str:
    """Return the 17 characters of a code as somebody typed it.

    Case, full width, blanks and dashes do not matter, and O is 0, I and L are 1.

    Raises:
        FieldError: CODE_CHARSET (another character), CODE_LENGTH (more or fewer than 17), CODE_CHECK (mistyped).
    """
    code = fold_token(fold_number(text))
    if not _VALUES.keys() >= set(code):
        raise FieldError("CODE_CHARSET")
    if len(code) != CODE_CHARACTERS:
        raise FieldError("CODE_LENGTH")
    if _weighted_sum(code) != 0:
        raise FieldError("CODE_CHECK")
    return code


def _weighted_sum(characters: str) -> int:
    total = 0
    for character in characters:
        total = _doubled(total) ^ _VALUES[character]
    return total


def _doubled(element: int) -> int:
    """Multiply an element of GF(32), a polynomial over GF(2) as five bits, by x."""
    shifted = element << 1
    return shifted ^ _POLYNOMIAL if shifted > 31 else shifted
