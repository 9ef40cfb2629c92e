"""Positions in status lists: uniform among the free ones, so that a list says nothing about who was issued when."""

import secrets
from typing import Final

ENTRIES: Final = 131_072
FULL_AT: Final = 100_000
"""A new list begins here: while a fifth is free, a random guess finds a free position at once."""


def take_positions(occupied: bytearray, count: int) -> list[int]:
    """Mark `count` free positions, chosen uniformly, in the bitmap (most significant bit first) and return them."""
    taken: list[int] = []
    while len(taken) < count:
        position = secrets.randbelow(ENTRIES)
        byte, bit = position >> 3, 0x80 >> (position & 7)
        if not occupied[byte] & bit:
            occupied[byte] |= bit
            taken.append(position)
    return taken
