"""Whom a photo's file name names."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.photos.model import PhotoName
from verify_service.photos.rules.file_names import parse_photo_name, safe_file_name

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
CASES = [pytest.param(case, id=case["id"]) for case in DATA["cases"] if case["kind"] == "photo_name"]


@pytest.mark.parametrize("case", CASES)
def test_every_shared_case_of_a_photo_name_is_read_as_listed(case: dict[str, Any]) -> None:
    expected = case["expect"]

    if expected["ok"]:
        assert parse_photo_name(case["input"]) == PhotoName(expected["name"], expected["id_number"])
    else:
        with pytest.raises(FieldError, match=f"^{expected['error']}$"):
            parse_photo_name(case["input"])


@pytest.mark.parametrize(
    ("path", "name", "id_number"),
    [
        ("Mary Ann Smith15000019780925983X.jpg", "Mary Ann Smith", "15000019780925983X"),
        ("Mary Ann Smith+EJ1234567.jpeg", "Mary Ann Smith", "EJ1234567"),
        ("林晓禾E12345678.jpg", "林晓禾", "E12345678"),
        ("林晓禾12345678.png", "林晓禾", "12345678"),
        ("林晓禾-１１００００１９９００３０７９８７４.jpg", "林晓禾", "110000199003079874"),
        ("林晓禾110000199003079874 - 副本.jpg", "林晓禾", "110000199003079874"),
        ("照片\\林晓禾110000199003079874.jpg", "林晓禾", "110000199003079874"),
        ("林晓禾__110000199003079874.jpg", "林晓禾", "110000199003079874"),
    ],
)
def test_what_partners_really_write_is_understood(path: str, name: str, id_number: str) -> None:
    assert parse_photo_name(path) == PhotoName(name, id_number)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("Thumbs.db", "IGNORE"),
        ("照片/.DS_Store", "IGNORE"),
        ("照片/._林晓禾110000199003079874.jpg", "IGNORE"),
        ("__MACOSX/照片/x.jpg", "IGNORE"),
        ("", "PATTERN"),
        (".jpg", "PATTERN"),
        ("110000199003079874.jpg", "PATTERN"),
        ("+110000199003079874.jpg", "PATTERN"),
        ("林晓禾110000199003079874", "PATTERN"),
        ("林晓禾110000199003079874.jpg.exe", "PATTERN"),
        ("林晓禾110000990230987.jpg", "PATTERN"),  # fifteen digits, born on 30 February
        ("MarySmithEJ1234567.jpg", "PATTERN"),  # where the name ends is anybody's guess
    ],
)
def test_any_other_name_is_refused(path: str, code: str) -> None:
    with pytest.raises(FieldError, match=f"^{code}$"):
        parse_photo_name(path)


def test_a_name_that_reads_backwards_is_shown_as_it_is() -> None:
    assert safe_file_name("照片/林\u202egpj.exe\r\n") == "照片/林\ufffdgpj.exe\ufffd\ufffd"
    assert len(safe_file_name("林" * 5000)) == 200


@given(st.text(max_size=80))
@settings(max_examples=200)
def test_any_path_names_somebody_or_is_refused(path: str) -> None:
    try:
        assert parse_photo_name(f"{path}.jpg").name
    except FieldError as refused:
        assert refused.code in {"IGNORE", "PATTERN"}  # noqa: PT017 - either outcome is right, a third is not


@given(st.text("a1+_ -()", max_size=400))
@settings(max_examples=100, deadline=200)
def test_no_name_takes_long_to_read(path: str) -> None:
    with pytest.raises(FieldError):
        parse_photo_name(f"{path}.gif")
