"""Mobile numbers of mainland China."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.subjects.model import Phone
from verify_service.subjects.rules.phones import parse_phone

CASES = [
    pytest.param(case, id=case["id"])
    for case in json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))["cases"]
    if case["kind"] == "phone"
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
NEARLY_PHONES = st.text("0123456789+-() 　１９手机：tel:;、/Ee.\u202d\ud800", max_size=26)


@pytest.mark.parametrize("case", CASES)
def test_every_shared_case_of_a_phone_is_read_as_listed(case: dict[str, Any]) -> None:
    expected = case["expect"]

    if expected["ok"]:
        assert parse_phone(case["input"]) == Phone(value=expected["value"])
    else:
        with pytest.raises(FieldError) as refusal:
            parse_phone(case["input"])
        assert refusal.value.code == expected["error"]


@pytest.mark.parametrize(
    "text",
    [
        "8619400001234",
        "(+86) 194-0000-1234",
        "（８６）１９４ ００００ １２３４",
        "194 0000 1234",
        "Tel.19400001234",
        "联系电话：19400001234",
        "手机号码 194—0000—1234",
        "’19400001234",
    ],
)
def test_country_code_label_and_separators_go(text: str) -> None:
    assert parse_phone(text).value == "19400001234"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("手机：", "EMPTY"),
        ("1.94E+10", "SCIENTIFIC"),
        ("19400001234 15400005678", "MULTIPLE"),
        ("19400001234\n15400005678", "MULTIPLE"),
        ("19437607779/15406065058", "MULTIPLE"),
        ("+8619400001234；13400001234", "MULTIPLE"),
        ("19400001234.0", "CHARSET"),
        ("19400001234转8", "CHARSET"),
        ("1940000123\u0664", "CHARSET"),
        ("19400001234\ud800", "CHARSET"),
        ("++8619400001234", "CHARSET"),
        ("+886 912 000 000", "REGION"),
        ("+85250000000", "REGION"),
        ("010-65330000", "NOT_MOBILE"),  # eleven digits, so its 0 is the area's and stays
        ("6533000", "NOT_MOBILE"),
        ("12000001234", "NOT_MOBILE"),
        ("13400001", "LENGTH"),  # a mobile number cut short, no landline
        ("0019400001234", "LENGTH"),
        ("8613400001", "LENGTH"),
    ],
)
def test_what_is_not_one_mainland_mobile_number_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refusal:
        parse_phone(text)

    assert refusal.value.code == code


def test_a_tail_of_zeros_is_suspect() -> None:
    assert parse_phone("19400000000").warnings == ("TAIL_ZEROS",)


@given(st.one_of(ANY_TEXT, NEARLY_PHONES))
@settings(max_examples=200)
def test_any_text_is_a_phone_or_a_field_error_and_a_phone_stays_what_it_is(text: str) -> None:
    try:
        phone = parse_phone(text)
    except FieldError:
        return

    assert parse_phone(phone.value) == phone
