"""Reading `.csv`: encodings, separators, quotes."""

import io
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
from verify_service.tables.rules.limits import MAX_ROWS, MAX_SCANNED_ROWS

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
CASES = [pytest.param(case, id=case["id"]) for case in DATA["cases"] if case["kind"] == "bytes"]


@pytest.mark.parametrize("case", CASES)
def test_every_shared_case_of_bytes_is_read_as_listed(case: dict[str, Any]) -> None:
    data, expected = bytes.fromhex(case["input"]), case["expect"]

    if expected["encoding"]:
        assert decode_text(data) == (expected["text"], expected["encoding"])
    else:
        with pytest.raises(UsageError) as refused:
            read_tables(io.BytesIO(data), "roster.csv")
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
        (b"\xff\xff\xff", "NOT_TEXT"),
        (b"\xff\xfea", "NOT_TEXT"),
        (b"\xef\xbb\xbf\xd0\xd5", "NOT_TEXT"),
        (b"x\n" * (MAX_ROWS + 1), "TOO_MANY_ROWS"),
        (b"x" + b"\n" * (MAX_SCANNED_ROWS + 1), "TOO_MANY_ROWS"),
        ("\0".join("姓名,性别").encode(), "NOT_TEXT"),
        ("姓名,性别\n林\0,男".encode(), "NOT_TEXT"),
        ("姓名\0,性别".encode("utf-16"), "NOT_TEXT"),
    ],
)
def test_what_is_no_table_of_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_csv(data)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("line", "cell"), [("x" + ",x" * 200, "BM1"), ("," * 99 + "x", "CV1"), ("," * 20_000 + "x", "XFD1")]
)
def test_a_filled_cell_beyond_the_last_column_is_named(line: str, cell: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_csv(line.encode())

    assert refused.value.code == "TOO_MANY_COLUMNS"
    assert cell in refused.value.message


def test_separators_far_right_without_anything_between_them_are_no_columns() -> None:
    assert len(read_csv(b"x," + b", " * 200)[0].rows[0]) == 1


def test_a_long_text_is_that_cell_s_error() -> None:
    assert read_csv(b"a," + b"b" * 200_000)[0].rows[0][1] == Cell("B1", CellKind.TOO_LONG)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_is_known_with_its_mark_or_by_its_zero_bytes(encoding: str) -> None:
    (sheet,) = read_csv("姓名\t一\r\n林晓禾\t男\r\n".encode(encoding))

    assert [[cell.value for cell in row] for row in sheet.rows] == [["姓名", "一"], ["林晓禾", "男"]]


@pytest.mark.parametrize("first_line", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n'])
def test_a_first_line_that_names_the_separator_is_no_row(first_line: str) -> None:
    (sheet,) = read_csv((first_line + "a,b;c\r\n").encode())

    assert sheet.rows == ((Cell("A1", CellKind.TEXT, "a,b"), Cell("B1", CellKind.TEXT, "c")),)


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
