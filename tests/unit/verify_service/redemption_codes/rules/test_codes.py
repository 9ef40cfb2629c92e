"""Redemption codes: what is typed is the code or is refused."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.redemption_codes.rules.codes import (
    CODE_CHARACTERS,
    check_character,
    format_code,
    new_redemption_code,
    parse_code,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = "7M2KQ4T9XWZB3DHR3"

codes = st.text(ALPHABET, min_size=16, max_size=16).map(lambda part: part + check_character(part))


def refusal(text: str) -> str | None:
    try:
        parse_code(text)
    except FieldError as error:
        return error.code
    return None


def test_new_codes_are_well_formed_and_all_different() -> None:
    made = {new_redemption_code() for _ in range(1000)}

    assert len(made) == 1000
    assert all(parse_code(code) == code for code in made)


def test_the_check_character_is_one_that_reading_leaves_as_it_is() -> None:
    assert {check_character(ALPHABET[value] * 16) for value in range(32)} == set(ALPHABET)


@pytest.mark.parametrize(
    ("random_part", "check"),
    [
        ("0" * 16, "0"),
        ("0" * 15 + "1", "2"),  # x
        ("0" * 11 + "10000", "5"),  # x^5 = x^2 + 1
        ("1" + "0" * 15, "V"),  # x^16 = x^4 + x^3 + x + 1
        ("1" + "0" * 14 + "1", "S"),  # the sum of x^16 and x
        ("7M2KQ4T9XWZB3DHR", "3"),
    ],
)
def test_the_check_character_is_the_weighted_sum(random_part: str, check: str) -> None:
    assert check_character(random_part) == check


def test_the_weights_of_all_places_differ_and_none_is_zero() -> None:
    weights = [check_character("0" * place + "1" + "0" * (15 - place)) for place in range(16)]

    assert len({*weights, "1"}) == CODE_CHARACTERS  # the check character itself weighs one
    assert "0" not in weights


@given(codes)
def test_every_wrong_character_is_found(code: str) -> None:
    for place, character in itertools.product(range(CODE_CHARACTERS), ALPHABET):
        if character != code[place]:
            assert refusal(code[:place] + character + code[place + 1 :]) == "CODE_CHECK"


@given(codes)
def test_every_swap_of_two_characters_is_found_however_far_apart(code: str) -> None:
    for first, second in itertools.combinations(range(CODE_CHARACTERS), 2):
        if code[first] != code[second]:
            swapped = list(code)
            swapped[first], swapped[second] = code[second], code[first]
            assert refusal("".join(swapped)) == "CODE_CHECK"


def test_every_pair_of_values_swapped_at_every_pair_of_places_is_found() -> None:
    # The check is linear: whether a swap shows depends on the two places and the two values alone.
    for (first, second), (one, other) in itertools.product(
        itertools.combinations(range(16), 2), itertools.combinations(ALPHABET, 2)
    ):
        body = ["0"] * 16
        body[first], body[second] = one, other
        swapped = body.copy()
        swapped[first], swapped[second] = other, one
        assert check_character("".join(body)) != check_character("".join(swapped))


@given(codes)
def test_a_code_reads_as_it_is_printed(code: str) -> None:
    assert parse_code(format_code(code)) == code


def test_a_code_is_printed_in_groups_of_four() -> None:
    assert format_code(CODE) == "7M2K-Q4T9-XWZB-3DHR-3"


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        format_code(CODE),
        format_code(CODE).replace("-", " "),
        format_code(CODE).replace("-", "—"),
        format_code(CODE).replace("-", "\u3000\t\n"),
        "\ufeff " + "\u200b".join(CODE) + "\r\n",
        "".join(chr(ord(character) + 0xFEE0) for character in CODE),
        "".join(chr(ord(character) + 0xFEE0) for character in CODE.lower()),
    ],
)
def test_the_ways_people_type_a_code_are_one_code(typed: str) -> None:
    assert parse_code(typed) == CODE


@pytest.mark.parametrize("look_alikes", ["o1", "Oi", "oI", "0l", "OL", "Ｏｌ"])
def test_letters_that_look_like_digits_are_those_digits(look_alikes: str) -> None:
    code = "01" * 8
    code += check_character(code)

    assert parse_code(look_alikes * 8 + code[-1]) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "CODE_LENGTH"),
        (" - ", "CODE_LENGTH"),
        (CODE[:-1], "CODE_LENGTH"),
        (CODE + "0", "CODE_LENGTH"),
        (CODE + CODE, "CODE_LENGTH"),
        (CODE[:-1] + "U", "CODE_CHARSET"),
        (CODE[:-1] + "u", "CODE_CHARSET"),
        ("兑换码 " + CODE, "CODE_CHARSET"),
        (CODE[:-1] + "*", "CODE_CHARSET"),
        (CODE[:-1] + "٣", "CODE_CHARSET"),
        (CODE[:-1] + "\ud800", "CODE_CHARSET"),
        (CODE[::-1], "CODE_CHECK"),
    ],
)
def test_what_is_not_a_code_is_refused_with_its_reason(typed: str, code: str) -> None:
    assert refusal(typed) == code


@given(st.text())
def test_reading_never_fails_otherwise(text: str) -> None:
    assert refusal(text) in {None, "CODE_LENGTH", "CODE_CHARSET", "CODE_CHECK"}
