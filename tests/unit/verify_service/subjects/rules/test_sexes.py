"""Column 性别, alone and against the ID number."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.subjects.model import DocumentType, Sex
from verify_service.subjects.rules.id_numbers import parse_id_number
from verify_service.subjects.rules.sexes import parse_sex, require_sex_matches

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
CASES = [pytest.param(case, id=case["id"]) for case in DATA["cases"] if case["kind"] == "gender"]


def read(row: dict[str, str]) -> tuple[Sex, tuple[str, ...]]:
    """Read a row's sex as an import does: the cell, then the ID number beside it."""
    stated = DocumentType(row["document_type"]) if "document_type" in row else None
    id_number = parse_id_number(row["id_number"], today=date.fromisoformat(DATA["today"]), document_type=stated)
    sex, warnings = parse_sex(row["gender"])
    require_sex_matches(sex, id_number)
    return sex, warnings


@pytest.mark.parametrize("case", CASES)
def test_every_shared_case_of_a_sex_is_read_as_listed(case: dict[str, Any]) -> None:
    expected = case["expect"]

    if expected["ok"]:
        assert read(case["input"]) == (Sex(expected["gender"]), tuple(expected.get("warn", ())))
    else:
        with pytest.raises(FieldError) as refusal:
            read(case["input"])
        assert refusal.value.code == expected["error"]


@pytest.mark.parametrize(
    ("text", "sex"), [("m", Sex.MALE), ("Ｆ", Sex.FEMALE), (" Female ", Sex.FEMALE), ("２", Sex.FEMALE)]
)
def test_codes_of_other_forms_pass_with_a_warning(text: str, sex: Sex) -> None:
    assert parse_sex(text) == (sex, ("GENDER_CODE",))


@pytest.mark.parametrize(
    ("text", "code"), [("　", "EMPTY"), ("0", "GENDER_VALUE"), ("9", "GENDER_VALUE"), ("男女", "GENDER_VALUE")]
)
def test_what_says_no_sex_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refusal:
        parse_sex(text)

    assert refusal.value.code == code


@given(st.text(st.characters(exclude_categories=()), max_size=6))
@settings(max_examples=200)
def test_any_text_is_a_sex_or_a_field_error(text: str) -> None:
    try:
        sex, _ = parse_sex(text)
    except FieldError:
        return

    assert parse_sex(sex.value) == (sex, ())
