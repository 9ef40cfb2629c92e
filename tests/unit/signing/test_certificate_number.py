import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import (
    CertificateNumber,
    MalformedCredentialError,
    format_certificate_number,
    parse_certificate_number,
)

ALPHANUMERIC = string.digits + string.ascii_uppercase
PREFIXES = st.text(string.ascii_uppercase, min_size=2, max_size=4)


def test_the_sample_number_has_its_published_check_character() -> None:
    assert format_certificate_number("QMT", 2026, 123) == "QMT20260001234"
    assert parse_certificate_number("QMT20260001234") == CertificateNumber("QMT", 2026, 123)


@settings(max_examples=200, deadline=None)
@given(PREFIXES, st.integers(1000, 9999), st.integers(1, 999_999))
def test_parts_survive_the_round_trip(prefix: str, year: int, serial: int) -> None:
    number = format_certificate_number(prefix, year, serial)

    assert parse_certificate_number(number) == CertificateNumber(prefix, year, serial)


def test_every_single_wrong_character_is_caught() -> None:
    number = "QMT20260001234"
    wrong = {
        number[:place] + character + number[place + 1 :] for place in range(len(number)) for character in ALPHANUMERIC
    } - {number}

    for candidate in wrong:
        with pytest.raises(MalformedCredentialError):
            parse_certificate_number(candidate)


def test_nearly_every_swap_of_neighbours_is_caught() -> None:
    numbers = [format_certificate_number("QMT", 2026, serial) for serial in range(1, 2_000)]
    swapped = {
        number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        for number in numbers
        for place in range(len(number) - 1)
        if number[place] != number[place + 1]
    }

    assert sum(map(_is_accepted, swapped)) < len(swapped) * 0.004


def _is_accepted(text: str) -> bool:
    try:
        parse_certificate_number(text)
    except MalformedCredentialError:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "QMT",
        "qmt20260001234",
        "Q20260001234",
        "QMTXY20260001234",
        "QMT2026000123",
        "QMT20260001234 ",
        "QMT20260000003",
        "QMT2026000123４",
        "QMT20260001234\n",
        "全媒体20260001234",
    ],
)
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_certificate_number(text)


@pytest.mark.parametrize(
    ("prefix", "year", "serial"),
    [
        ("Q", 2026, 1),
        ("QMTXY", 2026, 1),
        ("qmt", 2026, 1),
        ("QM1", 2026, 1),
        ("QMT", 999, 1),
        ("QMT", 10000, 1),
        ("QMT", 2026, 0),
        ("QMT", 2026, -1),
        ("QMT", 2026, 1000000),
        ("QMT", 20260, 12345),
    ],
)
def test_a_part_out_of_range_is_not_written(prefix: str, year: int, serial: int) -> None:
    with pytest.raises(MalformedCredentialError):
        format_certificate_number(prefix, year, serial)


def test_the_last_number_of_the_last_year_can_be_written() -> None:
    number = format_certificate_number("QMT", 9999, 999_999)

    assert number.startswith("QMT9999999999")
    assert parse_certificate_number(number).serial == 999_999
