"""Reading `.xls`: every kind of cell, what is hidden or merged, and files that were bent."""

import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import UsageError
from verify_service.tables.model import Cell, CellKind, Cover
from verify_service.tables.rules import biff_records
from verify_service.tables.rules.compound_files import CompoundFile, lone_stream_file
from verify_service.tables.rules.limits import MAX_TEXT_CHARACTERS
from verify_service.tables.rules.old_workbooks import MAX_LAST_ROW, read_old_workbook
from verify_service.tables.service import read_tables

DATA = Path(__file__).parents[4] / "data"
KINDS = (DATA / "old-excel-kinds.xls").read_bytes()


def stream_of(data: bytes) -> bytes:
    stream = CompoundFile(data).stream("Workbook")
    assert stream is not None
    return stream


STREAM = stream_of(KINDS)


def record(kind: int, payload: bytes) -> bytes:
    return struct.pack("<HH", kind, len(payload)) + payload


def workbook(*cells: bytes, announced: bytes = b"", sheet_kind: int = 0, name: str = "Workbook") -> bytes:
    """Return a file of one sheet, made of records of cells; `announced` stand before the sheet."""
    start = record(biff_records.BOF, struct.pack("<HHHHLL", 0x0600, 0x0005, 0, 0, 0, 0))
    title = "名单".encode("utf-16-le")
    sheet_start = record(biff_records.BOF, struct.pack("<HHHHLL", 0x0600, 0x0010, 0, 0, 0, 0))
    end = record(biff_records.EOF, b"")
    bound = struct.pack("<BBBB", 0, sheet_kind, 2, 1) + title
    position = len(start) + len(announced) + 4 + 4 + len(bound) + len(end)
    stream = start + announced + record(biff_records.BOUND_SHEET, struct.pack("<L", position) + bound) + end
    return lone_stream_file(name, stream + sheet_start + b"".join(cells) + end)


def number(row: int, column: int, value: float = 1.0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def refusal_of(data: bytes) -> UsageError:
    with pytest.raises(UsageError) as refused:
        read_old_workbook(data)
    return refused.value


def test_the_roster_of_an_old_office_is_read_as_it_is() -> None:
    (sheet,) = read_old_workbook((DATA / "roster-old-excel.xls").read_bytes())

    assert [cell.value for cell in sheet.rows[0]][:4] == ["序号", "姓名", "性别", "身份证号"]
    assert [cell.value for cell in sheet.rows[1]] == [
        1,
        "潘莹",
        "男",
        "360000199701049978",
        "15487525110",
        "云岭职业技术学校",
        "否",
    ]


def test_every_kind_of_cell_keeps_what_the_file_says_it_is() -> None:
    cells = {cell.reference: cell for row in read_old_workbook(KINDS)[0].rows for cell in row}

    assert cells["A4"] == Cell("A4", CellKind.NUMBER, 1)
    assert cells["E5"] == Cell("E5", CellKind.NUMBER, 19400005678.0)
    assert cells["G4"] == Cell("G4", CellKind.DATE, "2026-03-14")
    assert cells["G5"] == Cell("G5", CellKind.DATE, "2026-03-14")  # an instant gives its day
    assert cells["G7"] == Cell("G7", CellKind.NUMBER, 85.5)
    assert cells["H4"] == Cell("H4", CellKind.FORMULA)  # not its last result, which nobody typed
    assert cells["H5"] == Cell("H5", CellKind.FORMULA)
    assert cells["H7"] == Cell("H7", CellKind.ERROR)  # a time of day


def test_sheets_nobody_sees_are_left_out_and_blank_ones_are_not() -> None:
    assert [(sheet.title, len(sheet.rows)) for sheet in read_old_workbook(KINDS)] == [
        ("名单甲", 6),
        ("空", 0),
        ("第二", 1),
    ]


def test_merged_cells_reach_down_and_hidden_rows_are_known() -> None:
    sheet = read_old_workbook(KINDS)[0]

    assert sheet.rows[3][5] == Cell("F5", CellKind.TEXT, "某某培训学校", Cover.SHOWS)
    assert sheet.hidden_rows == {6}


def test_an_error_cell_is_no_empty_one() -> None:
    error = record(biff_records.BOOL_OR_ERROR, struct.pack("<HHHBB", 0, 0, 0, 0x2A, 1))  # #N/A
    boolean = record(biff_records.BOOL_OR_ERROR, struct.pack("<HHHBB", 0, 1, 0, 1, 0))

    (sheet,) = read_old_workbook(workbook(error, boolean))

    assert sheet.rows == ((Cell("A1", CellKind.ERROR), Cell("B1", CellKind.BOOLEAN, value=True)),)


def test_a_long_text_is_that_cell_s_error() -> None:
    text = b"x" * (MAX_TEXT_CHARACTERS + 1)

    (sheet,) = read_old_workbook(workbook(record(0x0204, struct.pack("<HHHHB", 0, 0, 0, len(text), 0) + text)))

    assert sheet.rows == ((Cell("A1", CellKind.TOO_LONG),),)


@pytest.mark.parametrize(
    ("data", "code", "advice"),
    [
        (workbook(announced=record(biff_records.FILE_PASS, b"\1\0\1\0")), "WORKBOOK_ENCRYPTED", "密码"),
        (workbook(announced=record(biff_records.SUP_BOOK, b"\1\0\5\0\0x.xls")), "WORKBOOK_LINKS", "链接"),
        (workbook(sheet_kind=1), "WORKBOOK_MACROS", "宏"),
        (workbook(sheet_kind=6), "WORKBOOK_MACROS", "宏"),
        (workbook(number(0, 64)), "TOO_MANY_COLUMNS", "BM1"),
        (workbook(record(0x00BD, struct.pack("<HH6s6sH", 2, 63, b"", b"", 64))), "TOO_MANY_COLUMNS", "BM3"),
        (workbook(number(MAX_LAST_ROW, 0)), "TOO_MANY_ROWS", "行"),
        (workbook(*(number(row, 0) for row in range(10_001))), "TOO_MANY_ROWS", "行"),
        (lone_stream_file("Workbook", STREAM[:1000]), "WORKBOOK_DAMAGED", "损坏"),
        (lone_stream_file("Workbook", b"\x09\x00\x04\x00\x02\x00\x10\x00"), "WORKBOOK_DAMAGED", "损坏"),  # Excel 2
        (lone_stream_file("Other", STREAM), "WORKBOOK_DAMAGED", "损坏"),
        (KINDS[:600], "WORKBOOK_DAMAGED", "损坏"),
        (KINDS[:512] + bytes(5000), "WORKBOOK_DAMAGED", "损坏"),  # a table that is its own next sector
        (b"", "WORKBOOK_DAMAGED", "损坏"),
    ],
)
def test_an_old_workbook_that_cannot_or_may_not_be_read_is_refused(data: bytes, code: str, advice: str) -> None:
    refused = refusal_of(data)

    assert refused.code == code
    assert advice in refused.message


def test_links_of_a_workbook_to_itself_are_none() -> None:
    own = record(biff_records.SUP_BOOK, struct.pack("<HH", 1, biff_records.OWN_WORKBOOK))

    assert read_old_workbook(workbook(number(0, 0), announced=own))[0].rows


def require_read_or_refused(data: bytes) -> None:
    """Read confined, as the service does: the library is native code and may end its process where ours would raise."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            read_tables(file, "roster.xls")
        except UsageError as refused:
            assert refused.message  # noqa: PT017 - either outcome is right, a third is not


@given(patch=st.binary(max_size=40), at=st.integers(0, len(KINDS) - 1))
@settings(max_examples=50, deadline=None)
def test_a_bent_file_is_read_or_refused(patch: bytes, at: int) -> None:
    require_read_or_refused(KINDS[:at] + patch + KINDS[at + len(patch) :])


@given(patch=st.binary(min_size=1, max_size=8), at=st.integers(0, len(STREAM) - 1))
@settings(max_examples=50, deadline=None)
def test_a_bent_stream_in_a_sound_file_is_read_or_refused(patch: bytes, at: int) -> None:
    require_read_or_refused(lone_stream_file("Workbook", STREAM[:at] + patch + STREAM[at + len(patch) :]))
