"""Reading `.xlsx`: what becomes of each kind of cell, and of what a person does not see."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    (datetime(2026, 3, 14, 9, 30), CellKind.DATE, "2026-03-14"),  # noqa: DTZ001 - a spreadsheet knows no zone
    ("=A2&B2", CellKind.FORMULA, None),
    ("#N/A", CellKind.ERROR, None),
]


@pytest.mark.parametrize(("typed", "kind", "value"), KINDS)
def test_a_cell_keeps_the_kind_the_file_gives_it(
    build_workbook: Callable[..., bytes], typed: object, kind: CellKind, value: str | float | None
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


def test_a_long_text_is_that_cell_s_error_and_never_shortened_to_something_valid(
    build_workbook: Callable[..., bytes],
) -> None:
    (sheet,) = read_workbook(build_workbook([["x" * MAX_TEXT_CHARACTERS, "林晓禾" + " " * MAX_TEXT_CHARACTERS + "?"]]))

    assert sheet.rows[0] == (Cell("A1", CellKind.TEXT, "x" * MAX_TEXT_CHARACTERS), Cell("B1", CellKind.TOO_LONG))


def test_a_number_beyond_any_spreadsheet_s_precision_still_crosses_to_the_parent(
    bend_workbook: Callable[..., bytes], sheet_part: Callable[..., bytes]
) -> None:
    part = sheet_part(f"<row><c><v>{'9' * 30}</v></c><c><v>1e999</v></c></row>")

    (sheet,) = read_workbook(bend_workbook({"xl/worksheets/sheet1.xml": part}))

    assert [cell.value for cell in sheet.rows[0]] == [1e30, float("inf")]


def test_a_filled_cell_beyond_the_last_column_is_named(build_workbook: Callable[..., bytes]) -> None:
    with pytest.raises(UsageError) as refused:
        read_workbook(build_workbook([[], [None] * MAX_COLUMNS + ["x", "y"]]))

    assert refused.value.code == "TOO_MANY_COLUMNS"
    assert "BM2" in refused.value.message


def test_hidden_and_filtered_rows_are_read_and_known(build_workbook: Callable[..., bytes]) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(build_workbook([["a"], ["b"], []])))
    workbook.worksheets[0].row_dimensions[2].hidden = True
    workbook.worksheets[0].row_dimensions[3].hidden = True
    written = io.BytesIO()
    workbook.save(written)

    (sheet,) = read_workbook(written.getvalue())

    assert len(sheet.rows) == 2
    assert sheet.hidden_rows == {2}


def test_what_a_roster_does_not_need_may_be_broken(
    bend_workbook: Callable[..., bytes], sheet_part: Callable[..., bytes]
) -> None:
    part = sheet_part("<row><c><v>1</v></c></row>").replace(
        b"</worksheet>", b'<dataValidations count="x"><dataValidation type="?"/></dataValidations></worksheet>'
    )

    assert len(read_workbook(bend_workbook({"xl/worksheets/sheet1.xml": part}))[0].rows) == 1


CELLS = st.one_of(
    st.none(),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=8
    ),
    st.integers(-(2**53), 2**53),
    st.booleans(),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_openpyxl_wrote_is_what_is_read(rows: list[list[object]]) -> None:
    workbook = openpyxl.Workbook()
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            cell = workbook.worksheets[0].cell(row, column)
            cell.value = value  # type: ignore[assignment]
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    written = io.BytesIO()
    workbook.save(written)

    (sheet,) = read_workbook(written.getvalue())

    read = {cell.reference: cell.value for row in sheet.rows for cell in row if cell.kind is not CellKind.EMPTY}
    assert read == {
        f"{'ABCDEF'[column]}{number}": value.isoformat() if isinstance(value, date) else value
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row)
        if value is not None and value != ""
    }


def test_more_rows_than_the_limit_are_refused(build_workbook: Callable[..., bytes]) -> None:
    with pytest.raises(UsageError) as refused:
        read_workbook(build_workbook([["x"]] * (MAX_ROWS + 1)))

    assert refused.value.code == "TOO_MANY_ROWS"
