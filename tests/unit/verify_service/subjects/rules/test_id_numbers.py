"""Numbers of identity documents, against the shared case table and beyond it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.subjects.model import DocumentType, Sex
from verify_service.subjects.rules.id_numbers import check_character, parse_id_number, parse_lookup_id_number

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
TODAY = date.fromisoformat(DATA["today"])
CASES = [case for case in DATA["cases"] if case["kind"] == "id_number"]
NEEDS_COLUMN = {"foreign_pr_2017", "hm_permit", "tw_permit", "passport_cn"}

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
NEARLY_NUMBERS = st.text("0123456789Xx×Х０９ｘEe.+-’' \u200b\ud800HMGD", max_size=21)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_shared_case_of_an_id_number_is_read_as_listed(case: dict[str, Any]) -> None:
    expected = case["expect"]
    stated = DocumentType(expected["doc"]) if expected.get("doc") in NEEDS_COLUMN else None

    if not expected["ok"]:
        with pytest.raises(FieldError) as refusal:
            parse_id_number(case["input"], today=TODAY)
        assert refusal.value.code == expected["error"]
        return
    number = parse_id_number(case["input"], today=TODAY, document_type=stated)

    assert number.value == expected["value"]
    assert number.document_type == expected["doc"]
    assert number.birth_on == (date.fromisoformat(expected["birth"]) if expected["birth"] else None)
    assert number.sex == expected["sex"]
    assert list(number.warnings) == expected["warn"]


@pytest.mark.parametrize("case", [case for case in CASES if case["expect"]["ok"]], ids=lambda case: case["id"])
def test_a_lookup_finds_the_value_of_every_document_without_its_type(case: dict[str, Any]) -> None:
    number = parse_lookup_id_number(case["input"], today=TODAY)

    assert (number.value, number.document_type) == (case["expect"]["value"], case["expect"]["doc"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11000019900307987\u0660", "CHARSET"),  # Arabic-Indic digit, which str.isdigit() accepts
        ("l10000199003079874", "CHARSET"),
        ("1100001990030798Х4", "CHARSET"),  # a look-alike of X anywhere but at the end
        ("11000019900307987\ud800", "CHARSET"),
        ("1100001990030798740", "LENGTH"),
        ("1100001990030798X", "LENGTH"),
        ("810001199003079818", "PROVINCE"),  # 81 is 810000 and nothing else
        ("720000199003079817", "PROVINCE"),
        ("810000900307981", "PROVINCE"),  # no first-generation card for residents of Hong Kong
        ("911840820615981", "PROVINCE"),
        ("110000901307987", "BIRTH_DATE"),
        ("110000000007079813", "BIRTH_DATE"),  # year 0
        ("1.1E+17", "SCIENTIFIC"),
        ("‘", "EMPTY"),
        ("H12345678", "CHARSET"),
        ("12345678", "LENGTH"),
    ],
)
def test_without_a_stated_type_only_18_and_15_digits_pass(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refusal:
        parse_id_number(_with_right_check(text), today=TODAY)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "document_type", "value"),
    [
        ("H1234567801", DocumentType.HM_PERMIT, "H12345678"),  # the issue count is not the person's
        ("ｇ12345678", DocumentType.PASSPORT_CN, "G12345678"),
        ("E12345678", DocumentType.PASSPORT_CN, "E12345678"),
        ("usa310082061512", DocumentType.FOREIGN_PR_2017, "USA310082061512"),
        ("0123 4567", DocumentType.TW_PERMIT, "01234567"),
    ],
)
def test_a_stated_document_is_read_by_its_own_shape(text: str, document_type: DocumentType, value: str) -> None:
    number = parse_id_number(text, today=TODAY, document_type=document_type)

    assert (number.value, number.document_type, number.birth_on, number.sex) == (value, document_type, None, None)


@pytest.mark.parametrize(
    ("text", "document_type"),
    [
        ("110000199003079874", DocumentType.PASSPORT_CN),
        ("X12345678", DocumentType.HM_PERMIT),
        ("H123456780", DocumentType.HM_PERMIT),
        ("123456789", DocumentType.TW_PERMIT),
        ("US310082061512", DocumentType.FOREIGN_PR_2017),
    ],
)
def test_a_number_of_another_shape_than_stated_is_refused(text: str, document_type: DocumentType) -> None:
    with pytest.raises(FieldError) as refusal:
        parse_id_number(text, today=TODAY, document_type=document_type)

    assert refusal.value.code == "PATTERN"


def test_the_number_decides_among_the_three_documents_of_18_digits() -> None:
    number = parse_id_number("810000199003079810", today=TODAY, document_type=DocumentType.RESIDENT)

    assert (number.document_type, number.sex) == (DocumentType.HMT_RESIDENCE, Sex.MALE)


def test_the_card_of_2017_passes_under_the_name_it_shares_with_the_new_one() -> None:
    number = parse_id_number("USA310082061512", today=TODAY, document_type=DocumentType.FOREIGN_PR)

    assert number.document_type is DocumentType.FOREIGN_PR_2017


@pytest.mark.parametrize(
    ("seventeen", "warnings"),
    [
        ("11000020101124981", ("UNDER_16",)),  # sixteen tomorrow
        ("11000020101123981", ()),  # sixteen today
        ("11000020121123981", ("UNDER_16",)),
    ],
)
def test_staff_are_warned_of_who_is_under_sixteen_today(seventeen: str, warnings: tuple[str, ...]) -> None:
    number = parse_id_number(seventeen + check_character(seventeen), today=TODAY)

    assert number.warnings == warnings


def test_a_tail_that_excel_zeroed_is_suspect_even_where_the_check_passes() -> None:
    zeroed = next(
        number for county in range(100) if check_character((number := f"1100{county:02}199003079000")[:17]) == "0"
    )

    assert parse_id_number(zeroed, today=TODAY).warnings == ("TAIL_000",)


@given(st.one_of(ANY_TEXT, NEARLY_NUMBERS), st.sampled_from([None, *DocumentType]))
@settings(max_examples=200)
def test_any_text_is_a_number_or_a_field_error(text: str, document_type: DocumentType | None) -> None:
    try:
        number = parse_id_number(text, today=TODAY, document_type=document_type)
    except FieldError:
        return
    again = parse_id_number(number.value, today=TODAY, document_type=number.document_type)

    assert again.value == number.value


@given(st.integers(11, 15), st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
@settings(max_examples=200)
def test_a_number_read_once_is_read_the_same_again(province: int, birth_on: date, sequence: int) -> None:
    seventeen = f"{province}0000{birth_on:%Y%m%d}{sequence:03}"

    number = parse_id_number(seventeen + check_character(seventeen), today=TODAY)

    assert (number.birth_on, number.sex) == (birth_on, Sex.MALE if sequence % 2 else Sex.FEMALE)
    assert parse_id_number(number.value, today=TODAY) == number


def _with_right_check(text: str) -> str:
    """Give 18 digits their check character, so that the refusal is for what the row of the table says."""
    return text[:17] + check_character(text[:17]) if len(text) == 18 and text.isascii() and text.isdigit() else text
