"""Which known heading an unknown one was probably meant to be."""

from collections.abc import Mapping
from typing import Final

from verify_service.tables.model import Layout

MIN_CHARACTERS: Final = 3
"""Of two characters one is half of the word: 加分 is no misspelling of 加考. Required columns are missed either way."""


def guess_heading(folded: str, absent: Mapping[str, str], layout: Layout) -> str | None:
    """Return the official heading of the one field whose heading differs by a single character, None if unclear.

    `absent` are the folded headings, and their fields, of the columns that the table does not have.
    """
    fields = {
        field
        for heading, field in absent.items()
        if (len(heading) >= MIN_CHARACTERS or field in layout.required) and differ_by_one(folded, heading)
    }
    return layout.headings[fields.pop()][0] if len(fields) == 1 else None


def differ_by_one(one: str, other: str) -> bool:
    """Tell whether one character was replaced, added or left out."""
    short, long = sorted((one, other), key=len)
    at = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return one != other and short[at + (len(short) == len(long)) :] == long[at + 1 :]
