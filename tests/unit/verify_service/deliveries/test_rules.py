"""What may be packed, and how a courier's number, a note and the days of a parcel are read."""

from datetime import date
from uuid import UUID

import msgspec
import pytest

from signing import format_certificate_number
from verify_service.deliveries.model import Contents, Obstacle, Paper
from verify_service.deliveries.rules import (
    MAX_ITEMS,
    read_dispatch,
    read_note,
    read_numbers,
    refused_numbers,
    require_received_on,
)
from verify_service.errors import UsageError

OURS, OTHERS = UUID(int=1), UUID(int=2)
COHORT, OTHER_COHORT = UUID(int=3), UUID(int=4)
NUMBER = format_certificate_number("QMT", 2026, 1)
NEWER = format_certificate_number("QMT", 2026, 2)
PACKED_ON, TODAY = date(2026, 4, 1), date(2026, 4, 10)
PAPER = Paper(
    number=NUMBER,
    partner_id=OURS,
    cohort_id=COHORT,
    status="valid",
    successor=None,
    printed=True,
    held_in=None,
)


def obstacle(paper: Paper | None, number: str = NUMBER) -> tuple[Obstacle, str] | None:
    contents = Contents(partner_id=OURS, cohort_id=COHORT)
    refused = refused_numbers([number], {} if paper is None else {number: paper}, contents)
    return (refused[0].obstacle, refused[0].detail) if refused else None


def test_a_scanned_list_is_read_once_each_in_its_order_whatever_stands_between() -> None:
    assert read_numbers(f"{NEWER}\r\n ，{NUMBER.lower()}；{NEWER}、\t") == (NEWER, NUMBER)


def test_full_width_letters_of_a_chinese_keyboard_are_read_too() -> None:
    assert read_numbers("ＱＭＴ２０２６") == ("QMT2026",)


@pytest.mark.parametrize(
    ("text", "code"),
    [(" ,\n", "DELIVERY_EMPTY"), (" ".join(f"N{serial}" for serial in range(MAX_ITEMS + 1)), "DELIVERY_LARGE")],
)
def test_no_number_and_too_many_are_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_numbers(text)

    assert refused.value.code == code


def test_a_printed_valid_certificate_of_the_partner_that_lies_nowhere_can_be_packed() -> None:
    assert obstacle(PAPER) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"partner_id": OTHERS, "status": "revoked"}, (Obstacle.OTHER_PARTNER, "")),
        ({"cohort_id": OTHER_COHORT}, (Obstacle.OTHER_COHORT, "")),
        ({"status": "revoked", "printed": False}, (Obstacle.REVOKED, "")),
        ({"status": "superseded", "successor": NEWER, "held_in": 7}, (Obstacle.SUPERSEDED, NEWER)),
        ({"held_in": 7, "printed": False}, (Obstacle.IN_DELIVERY, "7")),
        ({"printed": False}, (Obstacle.NOT_PRINTED, "")),
    ],
)
def test_what_stands_in_the_way_is_named_the_worst_first(
    changes: dict[str, object], expected: tuple[Obstacle, str]
) -> None:
    assert obstacle(msgspec.structs.replace(PAPER, **changes)) == expected


def test_a_mistyped_number_is_told_from_one_that_is_not_on_the_register() -> None:
    mistyped = NUMBER[:-2] + ("0" if NUMBER[-2] != "0" else "1") + NUMBER[-1]

    assert obstacle(None) == (Obstacle.UNKNOWN, "")
    assert obstacle(None, mistyped) == (Obstacle.MALFORMED, "")


def test_a_parcel_without_a_class_takes_papers_of_any() -> None:
    papers = {NUMBER: msgspec.structs.replace(PAPER, cohort_id=OTHER_COHORT)}

    assert refused_numbers([NUMBER], papers, Contents(partner_id=OURS)) == ()


def test_a_courier_is_read_with_its_number_or_without_one() -> None:
    sent = read_dispatch(PACKED_ON, " 顺丰  速运 ", "sf-1234567", packed_on=PACKED_ON, today=TODAY)
    handed_over = read_dispatch(TODAY, "当面交付", " ", packed_on=PACKED_ON, today=TODAY)

    assert (sent.courier, sent.courier_number) == ("顺丰 速运", "SF-1234567")
    assert handed_over.courier_number is None


@pytest.mark.parametrize(
    ("sent_on", "courier", "number", "code"),
    [
        (date(2026, 3, 31), "顺丰", "", "SENT_ON"),
        (date(2026, 4, 11), "顺丰", "", "SENT_ON"),
        (PACKED_ON, " ", "", "COURIER"),
        (PACKED_ON, "快" * 41, "", "COURIER"),
        (PACKED_ON, "顺丰", "12345", "COURIER_NUMBER"),
        (PACKED_ON, "顺丰", "1234_567", "COURIER_NUMBER"),
    ],
)
def test_a_wrong_day_courier_or_number_is_refused(sent_on: date, courier: str, number: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_dispatch(sent_on, courier, number, packed_on=PACKED_ON, today=TODAY)

    assert refused.value.code == code


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 4, 11)])
def test_nothing_arrives_before_it_left_or_tomorrow(day: date) -> None:
    assert require_received_on(PACKED_ON, sent_on=PACKED_ON, today=TODAY) == PACKED_ON
    with pytest.raises(UsageError, match="is not between"):
        require_received_on(day, sent_on=PACKED_ON, today=TODAY)


@pytest.mark.parametrize("text", ["请交 19411112222", "１９４ １１１１ ２２２２", "身份证 110000199001019603"])
def test_a_note_that_looks_like_a_phone_or_an_id_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_note(text)

    assert refused.value.code == "NOTE_PERSONAL"


def test_a_note_is_kept_short_and_an_empty_one_is_none() -> None:
    assert read_note(" 与证书套 50 个\n同寄 ") == "与证书套 50 个 同寄"
    assert read_note("  ") is None
    with pytest.raises(UsageError):
        read_note("字" * 201)
