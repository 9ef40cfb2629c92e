"""Reading `.xlsx`: what becomes of each kind of cell, and of what a person does not see."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from verify_service.errors import UsageError
from verify_service.tables.model import Cell, CellKind
from verify_service.tables.rules.limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT_CHARACTERS
from verify_service.tables.rules.workbooks import read_workbook

DATA = Path(__file__).parents[4] / "data"

KINDS = [
    ("110000199003079874", CellKind.TEXT, "110000199003079874"),
    (19400001234, CellKind.NUMBER, 19400001234),
    (1.10000199003079e17, CellKind.NUMBER, 1.10000199003079e17),
    (85.5, CellKind.NUMBER, 85.5),
    (True, CellKind.BOOLEAN, True),
    (datetime(2026, 3, 14, 9, 30), CellKind.DATE, date(2026, 3, 14)),  # noqa: DTZ001 - a spreadsheet knows no zone
    ("=A2&B2", CellKind.FORMULA, None),
    ("#N/A", CellKind.ERROR, None),
]


@pytest.mark.parametrize(("typed", "kind", "value"), KINDS)
def test_a_cell_keeps_the_kind_the_file_gives_it(
    build_workbook: Callable[..., bytes], typed: object, kind: CellKind, value: str | float | date | None
) -> None:
    (sheet,) = read_workbook(build_workbook([[typed]]))

    assert sheet.rows == ((Cell("A1", kind, value),),)


def test_an_empty_cell_before_a_filled_one_has_its_reference(build_workbook: Callable[..., bytes]) -> None:
    (sheet,) = read_workbook(build_workbook([[], [None, None, "x", None]]))

    assert sheet.rows == ((Cell("A2"), Cell("B2"), Cell("C2", CellKind.TEXT, "x")),)


def test_text_that_only_looks_like_a_formula_stays_text() -> None:
    (sheet,) = read_workbook((DATA / "roster-messy.xlsx").read_bytes())

    assert Cell("B18", CellKind.TEXT, "=cmd|' /C calc'!A0") in sheet.rows[17]


def test_a_sheet_nobody_sees_is_not_read() -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["seen"])
    workbook.create_sheet("lists").sheet_state = "hidden"
    workbook.create_sheet("secrets").sheet_state = "veryHidden"
    written = io.BytesIO()
    workbook.save(written)

    assert [len(sheet.rows) for sheet in read_workbook(written.getvalue())] == [1]


def test_a_wrong_announced_size_cuts_nothing_off(
    bend_workbook: Callable[..., bytes], sheet_part: Callable[..., bytes]
) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in (1, 2, 3))
    part = sheet_part(rows).replace(b"<sheetData>", b'<dimension ref="A1:A2"/><sheetData>')

    (sheet,) = read_workbook(bend_workbook({"xl/worksheets/sheet1.xml": part}))

    assert [row[0].reference for row in sheet.rows] == ["A1", "A2", "A3"]


def test_an_id_number_formatted_as_a_date_is_an_error_cell_and_no_warning_quotes_it(
    build_workbook: Callable[..., bytes],
) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(build_workbook([[110000199003079000]])))
    workbook.worksheets[0]["A1"].number_format = "yyyy-mm-dd"
    written = io.BytesIO()
    workbook.save(written)

    (sheet,) = read_workbook(written.getvalue())  # every warning fails a test

    assert sheet.rows == ((Cell("A1", CellKind.ERROR),),)


def test_columns_far_right_and_long_texts_are_cut(build_workbook: Callable[..., bytes]) -> None:
    (sheet,) = read_workbook(build_workbook([["x" * 2000] * 100]))

    assert len(sheet.rows[0]) == MAX_COLUMNS
    assert sheet.rows[0][0].value == "x" * MAX_TEXT_CHARACTERS


def test_more_rows_than_the_limit_are_refused(build_workbook: Callable[..., bytes]) -> None:
    with pytest.raises(UsageError) as refused:
        read_workbook(build_workbook([["x"]] * (MAX_ROWS + 1)))

    assert refused.value.code == "TOO_MANY_ROWS"
