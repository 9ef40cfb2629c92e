"""What of a question goes on paper: enough for whoever asked it to know it again."""

from typing import Final

from pdf import printable
from verify_service.subjects.rules.masks import mask_id_number

_HIDDEN: Final = "*"


def mask_ends(value: str) -> str:
    """Return an ID number, phone or token by its first and last character, with a star for each between."""
    return mask_id_number(value)


def mask_name(value: str) -> str:
    """Return a name by its first and last character, 迪**逊, and one of two characters by its first alone, 林*.

    How many lie between is not told. A character that not every installation could print is a star: a page that could
    not be drawn again could not be checked.
    """
    if len(value) <= 1:
        return _HIDDEN
    first, last = (end if printable(end) else _HIDDEN for end in (value[0], value[-1]))
    masked = first + _HIDDEN if len(value) == 2 else f"{first}{_HIDDEN * 2}{last}"
    return masked if printable(masked) else first + _HIDDEN * 2
