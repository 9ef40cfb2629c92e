"""Answers sealed into their pages: what comes back is what was answered, within ten minutes, or nothing."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import decode_base64url, encode_base64url
from tests.artefacts import DOCUMENT_KEY, ISSUED_AT
from tests.receipts import ANSWERS, OTHER_KEY, receipt, receipt_key
from verify_service.receipts.model import Receipt
from verify_service.receipts.rules.offers import (
    MAX_CHARACTERS,
    BrokenOfferError,
    ExpiredOfferError,
    open_offer,
    seal_offer,
)

KEY = receipt_key()
SEALED = seal_offer(ANSWERS["valid"], KEY)


def at(**after: float) -> datetime.datetime:
    return ISSUED_AT + datetime.timedelta(**after)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_was_sealed_comes_back(answer: Receipt) -> None:
    assert open_offer(seal_offer(answer, KEY), [KEY], at(minutes=3)) == (answer, KEY)


def test_nothing_of_the_answer_can_be_read_in_it_and_no_two_are_alike() -> None:
    assert seal_offer(ANSWERS["valid"], KEY) != SEALED
    assert b"QHZ2026000001X" not in decode_base64url(SEALED)


def test_it_lasts_ten_minutes_and_not_a_second_more() -> None:
    assert open_offer(SEALED, [KEY], at(minutes=10))[0] == ANSWERS["valid"]
    for then in (at(minutes=10, seconds=1), at(days=400), at(minutes=-2)):
        with pytest.raises(ExpiredOfferError):
            open_offer(SEALED, [KEY], then)


@given(st.integers(0, len(decode_base64url(SEALED)) * 8 - 1))
def test_one_changed_bit_leaves_nothing(bit: int) -> None:
    changed = bytearray(decode_base64url(SEALED))
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(BrokenOfferError):
        open_offer(encode_base64url(bytes(changed)), [KEY], at())


@pytest.mark.parametrize(
    "text", ["", "A", "AQ", "证书", SEALED[:-4], SEALED + "AAAA", "AQ" * MAX_CHARACTERS, "=", SEALED + "\n"]
)
def test_whatever_else_comes_back_is_refused(text: str) -> None:
    with pytest.raises(BrokenOfferError):
        open_offer(text, [KEY], at())


@pytest.mark.parametrize(
    "key",
    [receipt_key(OTHER_KEY), receipt_key(DOCUMENT_KEY), receipt_key(key_id="2026-r2")],
    ids=["another key", "the key of certificates", "the same key under another id"],
)
def test_an_answer_sealed_under_another_key_is_refused(key: object) -> None:
    with pytest.raises(BrokenOfferError):
        open_offer(seal_offer(ANSWERS["valid"], key), [KEY], at())  # type: ignore[arg-type]  # of a parameter
    with pytest.raises(BrokenOfferError):
        open_offer(SEALED, [], at())


def test_after_a_rotation_the_key_before_still_opens_and_signs_what_it_sealed() -> None:
    newer = receipt_key(OTHER_KEY, "2026-r2")

    assert open_offer(SEALED, [newer, KEY], at())[1] == KEY


def test_an_answer_of_another_length_of_freshness_is_none_of_ours() -> None:
    longer = receipt(fresh_until=at(days=400))

    with pytest.raises(BrokenOfferError):
        open_offer(seal_offer(longer, KEY), [KEY], at())
