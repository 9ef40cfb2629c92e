"""A heading that differs by one character from a missing one."""

import pytest

from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.tables.rules.misspellings import differ_by_one, guess_heading


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("身份证好", "身份证号", True),
        ("身份证", "身份证号", True),
        ("身身份证", "身份证", True),
        ("份证号", "身份证号", True),
        ("身份证号", "身份证号", False),
        ("身证份号", "身份证号", False),
        ("手机", "手机号码", False),
        ("", "号", True),
        ("", "", False),
    ],
)
def test_one_replaced_added_or_missing_character_is_a_difference_of_one(
    one: str, other: str, *, expected: bool
) -> None:
    assert differ_by_one(one, other) is expected
    assert differ_by_one(other, one) is expected


@pytest.mark.parametrize(
    ("folded", "absent", "guess"),
    [
        ("身份证好", {"身份证号": "idNumber", "手机号": "phone"}, "身份证号"),
        ("手机号吗", {"手机号码": "phone"}, "手机号"),
        ("姓明", {"姓名": "name"}, "姓名"),  # required: short, but missed in any case
        ("加分", {"加考": "alsoOnlineHost"}, None),
        ("姓别", {"姓名": "name", "性别": "sex"}, None),  # as near to the one as to the other
        ("班主任", {"姓名": "name", "手机号": "phone"}, None),
        ("身份证好", {}, None),
    ],
)
def test_a_misspelt_heading_is_guessed_where_it_is_clear(
    folded: str, absent: dict[str, str], guess: str | None
) -> None:
    assert guess_heading(folded, absent, ROSTER_LAYOUT) == guess
