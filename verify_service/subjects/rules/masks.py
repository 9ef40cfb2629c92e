"""What may be shown of a person to somebody who did not type it: enough to recognise, too little to learn."""

import re
from typing import Final

from verify_service.subjects.rules.characters import MIDDLE_DOT

_HIDDEN_IN_NAME: Final = re.compile(f"(?<=.)[^{MIDDLE_DOT} ]", re.DOTALL)


def mask_id_number(value: str) -> str:
    """Return the first and last character with a star for each between: 1****************4.

    The usual first six and last four would leave some 1,400 candidates, 33 for who knows the year of birth.
    """
    if len(value) <= 2:
        return "*" * len(value)
    return f"{value[0]}{'*' * (len(value) - 2)}{value[-1]}"


def mask_phone(value: str) -> str:
    """Return 3 + 4 of an eleven-digit number, 194****1234: 10,000 candidates, only for who typed it."""
    return f"{value[:3]}****{value[-4:]}"


def mask_name(value: str) -> str:
    """Return the first character with a star for every other, dots and blanks kept: 林**, 阿***·***.

    Compound surnames get no special treatment, which would tell that they are one. A single character is hidden.
    """
    if len(value) <= 1:
        return "*" * len(value)
    return _HIDDEN_IN_NAME.sub("*", value)
