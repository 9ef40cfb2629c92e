"""Text written into workbooks: never a formula, whoever opens it, and otherwise the text it was."""

import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from python_calamine import CalamineWorkbook

from verify_service.tables.rules.exports import (
    FORMULA_STARTS,
    MAX_CELL_CHARACTERS,
    Column,
    cell_at,
    return_text,
    write_headings,
    write_rows,
    write_text,
)
from verify_service.tables.rules.workbook_bytes import encode_workbook

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid","点此")',
    "+861",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
]
PLAIN = [
    "",
    "000123",
    "110000199003079874",
    "#N/A",
    "TRUE",
    "2026-03-14",
    "1E5",
    "'=1",
    "  名 ",
    "一\n二",
    "😀",
    "_x003D_1",
]

# Any text, and far more often than chance has it, one that begins like a formula or holds an escape.
texts = st.tuples(st.sampled_from(["", *FORMULA_STARTS, "\r", "\x00", "_x003D_"]), st.text(max_size=40)).map("".join)
batches = st.lists(texts, min_size=100, max_size=100)
quick = settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
whole = settings(quick, max_examples=100)


def written(values: Sequence[str], write: Callable[[Cell, str], None] = write_text) -> bytes:
    workbook = openpyxl.Workbook()
    for row, text in enumerate(values, start=1):
        cell = cell_at(workbook.worksheets[0], row, 1)
        write(cell, text)
        # An empty first column would move everything in one reader.
        write_text(cell_at(workbook.worksheets[0], row, 2), "end")
    return encode_workbook(workbook)


def cells_read_by_openpyxl(data: bytes) -> list[Cell]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [cell_at(sheet, row, 1) for row in range(1, sheet.max_row + 1)]


def values_read_by_calamine(data: bytes) -> list[object]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return [row[0] if len(row) == 2 else "" for row in rows]


def without_prefix(text: object) -> object:
    return text[1:] if isinstance(text, str) and text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def as_kept(text: str) -> str:
    """What an XML document can hold of a text, whose line ends are line feeds."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in unix if c in "\t\n" or (c >= " " and not 0xD800 <= ord(c) < 0xE000 and c not in "\ufffe\uffff")
    )


def require_all_text(values: list[str]) -> None:
    data = written(values)
    cells = cells_read_by_openpyxl(data)

    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}
    assert [without_prefix(value) for value in values_read_by_calamine(data)] == [
        without_prefix(as_kept(text)) for text in values
    ]
    assert not [cell for cell in cells if str(cell.value or "").startswith(FORMULA_STARTS)]


@quick
@given(batches)
def test_any_text_comes_back_as_text(values: list[str]) -> None:
    require_all_text(values)


@pytest.mark.slow
@whole
@given(batches)
def test_ten_thousand_texts_come_back_as_text(values: list[str]) -> None:
    require_all_text(values)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    (cell,) = cells_read_by_openpyxl(written([text]))

    assert (cell.data_type, str(cell.value)[:1], cell.number_format) == ("s", "'", "@")
    assert cell.value == "'" + as_kept(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_something_else_stays_as_it_is(text: str) -> None:
    assert values_read_by_calamine(written([text])) == [text]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_returned_text_is_quoted_and_otherwise_unchanged(text: str) -> None:
    data = written([text], return_text)
    (cell,) = cells_read_by_openpyxl(data)

    assert (cell.data_type, cell.quotePrefix, cell.number_format) == ("s", True, "@")
    assert values_read_by_calamine(data) == [as_kept(text)]


def test_a_text_longer_than_a_cell_is_cut() -> None:
    assert values_read_by_calamine(written(["字" * 40_000])) == ["字" * MAX_CELL_CHARACTERS]


def test_a_sheet_is_ready_for_screen_and_paper() -> None:
    workbook = openpyxl.Workbook()
    write_headings(workbook.worksheets[0], 2, [Column("姓名", 12), Column("=1", 30)])
    write_rows(workbook.worksheets[0], 3, [["林", "=2"]])

    sheet = openpyxl.load_workbook(io.BytesIO(encode_workbook(workbook))).worksheets[0]

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [["姓名", "'=1"], ["林", "'=2"]]
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (12, 30)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.page_setup.paperSize == 9
