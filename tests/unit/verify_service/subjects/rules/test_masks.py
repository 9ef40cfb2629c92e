"""What is shown of a person to somebody who did not type it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.subjects.rules.masks import mask_id_number, mask_name, mask_phone

CASES = [
    pytest.param(case, id=case["id"])
    for case in json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))["cases"]
    if case["kind"] == "mask"
]
MASKS = {"id_number": mask_id_number, "phone": mask_phone, "name": mask_name}


@pytest.mark.parametrize("case", CASES)
def test_every_shared_case_is_masked_as_listed(case: dict[str, Any]) -> None:
    mask = MASKS[case["input"]["field"]]

    assert mask(case["input"]["value"]) == case["expect"]["value"]


@pytest.mark.parametrize(
    ("name", "masked"), [("林", "*"), ("Mary Ann Smith", "M*** *** *****"), ("\U00020164川", "\U00020164*"), ("", "")]
)
def test_a_name_shows_its_first_character_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_a_document_number_of_eight_digits_shows_two() -> None:
    assert mask_id_number("12345678") == "1******8"


@given(st.text(st.characters(exclude_categories=()), max_size=30))
@settings(max_examples=200)
def test_a_mask_keeps_the_length_and_shows_no_more_than_two_characters(text: str) -> None:
    masked = mask_id_number(text)

    assert len(masked) == len(text)
    assert set(masked[1:-1]) <= {"*"}
