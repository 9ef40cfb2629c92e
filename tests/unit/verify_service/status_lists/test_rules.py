import pytest

from verify_service.status_lists.model import ChangedEntry
from verify_service.status_lists.rules import refresh_bits, revocation_bits

SUPERSEDED = ChangedEntry(9, revoked=False)
REVOKED = ChangedEntry(0, revoked=True)
LAST = ChangedEntry(131_071, revoked=True)


def positions(bits: bytes) -> list[int]:
    return [place for place in range(len(bits) * 8) if bits[place // 8] >> (7 - place % 8) & 1]


def test_a_list_without_changes_is_all_clear_and_as_long_as_any_other() -> None:
    assert revocation_bits([]) == refresh_bits([]) == bytes(16_384)


@pytest.mark.parametrize(
    ("entries", "revocation", "refresh"),
    [
        ([REVOKED], [0], []),
        ([SUPERSEDED], [9], [9]),
        ([ChangedEntry(9, revoked=True)], [9], []),
        ([LAST, SUPERSEDED, REVOKED], [0, 9, 131_071], [9]),
    ],
)
def test_revoked_and_superseded_are_told_apart_by_the_two_lists(
    entries: list[ChangedEntry], revocation: list[int], refresh: list[int]
) -> None:
    assert positions(revocation_bits(entries)) == revocation
    assert positions(refresh_bits(entries)) == refresh
