"""Sealed fields open only where they belong; blind indexes agree only on the same facts in the same places."""

from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_service.errors import UnavailableError
from verify_service.sealing.model import Pair, SecretKey, SecretPurpose
from verify_service.sealing.rules import (
    SubjectCipher,
    blind_index,
    new_data_key,
    pair_index,
    subject_index,
    unwrap_data_key,
    wrap_data_key,
)

ROW = UUID("01980000-0000-7000-8000-000000000001")
OTHER_ROW = UUID("01980000-0000-7000-8000-000000000002")
PLACE = "subject:sealed_name"
INDEX_KEY = SecretKey(SecretPurpose.INDEX, 1, bytes(range(32)))
OLD_KEK = SecretKey(SecretPurpose.FIELD, 1, b"1" * 32)
NEW_KEK = SecretKey(SecretPurpose.FIELD, 2, b"2" * 32)


@pytest.fixture
def cipher() -> SubjectCipher:
    return SubjectCipher(new_data_key())


@given(st.binary())
def test_what_is_sealed_opens_to_the_same_bytes(plaintext: bytes) -> None:
    cipher = SubjectCipher(bytes(32))

    assert cipher.open(cipher.seal(plaintext, PLACE, ROW), PLACE, ROW) == plaintext


def test_one_plaintext_sealed_twice_shows_no_likeness(cipher: SubjectCipher) -> None:
    first, second = (cipher.seal("王小明".encode(), PLACE, ROW) for _ in range(2))

    assert first != second
    assert first[:1] == second[:1] == b"\x01"
    assert len(first) == 1 + 12 + len("王小明".encode()) + 16


@pytest.mark.parametrize(
    ("place", "row_id"), [("subject:sealed_phone", ROW), (PLACE, OTHER_ROW), ("photo:sealed_jpeg", OTHER_ROW)]
)
def test_a_sealed_field_moved_elsewhere_does_not_open(cipher: SubjectCipher, place: str, row_id: UUID) -> None:
    sealed = cipher.seal(b"secret", PLACE, ROW)

    with pytest.raises(UnavailableError, match="does not open"):
        cipher.open(sealed, place, row_id)


def test_another_persons_key_does_not_open_it(cipher: SubjectCipher) -> None:
    sealed = cipher.seal(b"secret", PLACE, ROW)

    with pytest.raises(UnavailableError, match="does not open"):
        SubjectCipher(new_data_key()).open(sealed, PLACE, ROW)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_single_changed_byte_is_noticed(position: int, change: int) -> None:
    cipher = SubjectCipher(bytes(32))
    sealed = bytearray(cipher.seal(b"secret", PLACE, ROW))
    sealed[position % len(sealed)] ^= change

    with pytest.raises(UnavailableError):
        cipher.open(bytes(sealed), PLACE, ROW)


@given(st.binary(max_size=64))
def test_arbitrary_bytes_are_refused_by_our_own_error(sealed: bytes) -> None:
    with pytest.raises(UnavailableError):
        SubjectCipher(bytes(32)).open(sealed, PLACE, ROW)


@pytest.mark.parametrize("kek", [OLD_KEK, NEW_KEK])
def test_a_data_key_is_found_under_the_key_that_wrapped_it(kek: SecretKey) -> None:
    data_key = new_data_key()
    sealed = SubjectCipher(data_key).seal(b"secret", PLACE, ROW)

    cipher = unwrap_data_key((NEW_KEK, OLD_KEK), kek.key_id, wrap_data_key(kek, data_key, ROW), ROW)

    assert cipher.open(sealed, PLACE, ROW) == b"secret"


def test_a_missing_key_encryption_key_is_named() -> None:
    wrapped = wrap_data_key(OLD_KEK, new_data_key(), ROW)

    with pytest.raises(UnavailableError, match="field-1 is not in KEY_DIR"):
        unwrap_data_key((NEW_KEK,), "field-1", wrapped, ROW)


def test_one_persons_data_key_put_in_anothers_row_does_not_unwrap() -> None:
    wrapped = wrap_data_key(OLD_KEK, new_data_key(), ROW)

    with pytest.raises(UnavailableError, match="does not open"):
        unwrap_data_key((OLD_KEK,), "field-1", wrapped, OTHER_ROW)


def test_a_blind_index_is_what_it_was_in_the_first_release() -> None:
    digest = pair_index(INDEX_KEY, Pair.NAME_ID_NUMBER, "王小明", "11010519491231002X").hex()

    # Changed, every lookup of every certificate ever issued would answer not_found.
    assert digest == "1665bd054bfa0bde321d3fbfd80df367bb0aab5e8defc07e25537f03b0bf2b58"


def test_an_index_depends_on_key_purpose_order_and_where_one_fact_ends() -> None:
    other_key = SecretKey(SecretPurpose.INDEX, 2, bytes(32))
    indexes = [
        blind_index(INDEX_KEY, "purpose", "ab", "c"),
        blind_index(INDEX_KEY, "purpose", "a", "bc"),
        blind_index(INDEX_KEY, "purpose", "c", "ab"),
        blind_index(INDEX_KEY, "purpose", "abc"),
        blind_index(INDEX_KEY, "purpose", "ab", "c", ""),
        blind_index(INDEX_KEY, "purposea", "b", "c"),
        blind_index(other_key, "purpose", "ab", "c"),
        subject_index(INDEX_KEY, "ab", "c"),
        *(pair_index(INDEX_KEY, pair, "ab", "c") for pair in Pair),
    ]

    assert len(set(indexes)) == len(indexes)


@given(st.lists(st.lists(st.text(max_size=4), max_size=3).map(tuple), max_size=4, unique=True))
def test_different_facts_never_share_an_index(lists: list[tuple[str, ...]]) -> None:
    for first, second in combinations(lists, 2):
        assert blind_index(INDEX_KEY, "purpose", *first) != blind_index(INDEX_KEY, "purpose", *second)


def test_half_a_surrogate_pair_matches_nothing_and_raises_nothing() -> None:
    assert len(pair_index(INDEX_KEY, Pair.NAME_PHONE, "\ud842", "13900139000")) == 32
