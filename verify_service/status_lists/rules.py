"""Which bits of a list are set."""

from collections.abc import Iterable

from signing import STATUS_LIST_ENTRIES
from verify_service.status_lists.model import ChangedEntry


def revocation_bits(entries: Iterable[ChangedEntry]) -> bytes:
    """Return the bits of the list `revocation`: set for every certificate that no longer stands."""
    return _bits(entry.status_index for entry in entries)


def refresh_bits(entries: Iterable[ChangedEntry]) -> bytes:
    """Return the bits of the list `refresh`: set where another certificate stands in, and the old was not revoked."""
    return _bits(entry.status_index for entry in entries if not entry.revoked)


def _bits(positions: Iterable[int]) -> bytes:
    bits = bytearray(STATUS_LIST_ENTRIES // 8)
    for position in positions:
        bits[position >> 3] |= 0x80 >> (position & 7)
    return bytes(bits)
