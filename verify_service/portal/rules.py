"""Pure rules of the partners' pages."""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

import msgspec

PAGE_ROWS: Final = 100

Row = TypeVar("Row")


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """Some rows of a long table."""

    rows: Sequence[Row]
    number: int
    """From 1."""
    count: int
    """How many pages there are, one at least."""


def page_of(rows: Sequence[Row], number: int) -> Page[Row]:
    """Return the page of a number, the nearest there is where it is out of range."""
    count = max(1, -(-len(rows) // PAGE_ROWS))
    number = min(max(1, number), count)
    return Page(rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS], number, count)
