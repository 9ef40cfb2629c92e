"""Reading `.csv`: encodings, separators, quotes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import UsageError
from verify_service.tables.model import Cell, CellKind
from verify_service.tables.rules.csv_text import decode_text, find_separator, read_csv
from verify_service.tables.rules.files import read_tables
from verify_service.tables.rules.limits import MAX_COLUMNS, MAX_ROWS

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
CASES = [pytest.param(case, id=case["id"]) for case in DATA["cases"] if case["kind"] == "bytes"]


@pytest.mark.parametrize("case", CASES)
def test_every_shared_case_of_bytes_is_read_as_listed(case: dict[str, Any]) -> None:
    data, expected = bytes.fromhex(case["input"]), case["expect"]

    if expected["encoding"]:
        assert decode_text(data) == (expected["text"], expected["encoding"])
    else:
        with pytest.raises(UsageError) as refused:
            read_tables("roster.csv", data)
        assert refused.value.code == expected["error"]


def test_a_file_of_a_chinese_spreadsheet_program_becomes_text_cells() -> None:
    (sheet,) = read_csv("姓名;身份证号\r\n\r\n林晓禾;;110000199003079874;\r\n".encode("gb18030"))

    assert sheet.rows[1] == (
        Cell("A3", CellKind.TEXT, "林晓禾"),
        Cell("B3"),
        Cell("C3", CellKind.TEXT, "110000199003079874"),
    )


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("姓名,手机号\n林晓禾,1", ","),
        ("姓名\t手机号", "\t"),
        ("姓名;手机号", ";"),
        ("名单, 2026\n姓名\t性别\t手机号", "\t"),
        ("姓名", ","),
        ("", ","),
    ],
)
def test_the_separator_is_the_one_that_splits_most(text: str, separator: str) -> None:
    assert find_separator(text) == separator


def test_quotes_hold_separators_and_line_breaks() -> None:
    (sheet,) = read_csv(b'a,"b,\n""c"""\nd')

    assert [cell.value for cell in sheet.rows[0]] == ["a", 'b,\n"c"']
    assert sheet.rows[1][0].reference == "A2"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'a,"b\nc,d\n', "CSV_QUOTES"),  # leniently read, every later row would vanish into one cell
        (b'"a"b,c', "CSV_QUOTES"),
        (b"a" * 200_000, "CSV_QUOTES"),
        (b"\xff\xff\xff", "NOT_TEXT"),
        (b"\xff\xfea", "NOT_TEXT"),
        (b"\xef\xbb\xbf\xd0\xd5", "NOT_TEXT"),
        (b"x\n" * (MAX_ROWS + 1), "TOO_MANY_ROWS"),
    ],
)
def test_what_is_no_table_of_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_csv(data)

    assert refused.value.code == code


def test_columns_far_right_are_cut() -> None:
    assert len(read_csv(b",".join([b"x"] * 200))[0].rows[0]) == MAX_COLUMNS


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_csv(data)
    except UsageError as refused:
        assert refused.message  # noqa: PT017 - either outcome is right, a third is not


@given(st.lists(st.lists(st.text("林禾ab12", min_size=1, max_size=6), min_size=2, max_size=5), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_what_was_written_is_what_is_read(rows: list[list[str]]) -> None:
    text = "".join(",".join(row) + "\r\n" for row in rows)

    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (sheet,) = read_csv(text.encode(encoding))
        assert [[cell.value for cell in row] for row in sheet.rows] == rows
