"""What merged ranges make of cells: filled downwards, never across, and nothing invisible is taken for visible."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import UsageError
from verify_service.tables.model import Cell, CellKind, Cover
from verify_service.tables.rules.merges import MergedRange, cover_merged
from verify_service.tables.rules.workbooks import read_workbook


def text(reference: str, value: str, cover: Cover = Cover.NONE) -> Cell:
    return Cell(reference, CellKind.TEXT, value, cover)


def test_only_the_first_column_of_a_range_is_filled_and_only_downwards() -> None:
    rows = {1: (text("A1", "x"), Cell("B1"), text("C1", "y")), 2: (Cell("A2"), Cell("B2"), text("C2", "z"))}

    covered = cover_merged(rows, [MergedRange(1, 2, 1, 2)])

    assert covered == {1: rows[1], 2: (text("A2", "x", Cover.SHOWS), Cell("B2"), text("C2", "z"))}


def test_a_row_that_ends_before_the_range_is_extended_to_it_and_blank_rows_stay_away() -> None:
    rows = {1: (Cell("A1"), Cell("B1"), text("C1", "x")), 3: (text("A3", "y"),)}

    covered = cover_merged(rows, [MergedRange(1, 4, 3, 3)])

    assert covered[3] == (text("A3", "y"), Cell("B3"), text("C3", "x", Cover.SHOWS))
    assert covered.keys() == {1, 3}


def test_a_value_beneath_a_merge_that_nobody_sees_is_told_from_one_that_repeats_the_visible() -> None:
    rows = {1: (text("A1", "x"), text("B1", "hidden")), 2: (text("A2", "x"),), 3: (text("A3", "old"),)}

    covered = cover_merged(rows, [MergedRange(1, 3, 1, 2)])

    assert covered[1][1].cover is Cover.HIDES
    assert covered[2] == (text("A2", "x", Cover.SHOWS),)
    assert covered[3] == (text("A3", "old", Cover.HIDES),)


def test_beneath_an_empty_merged_cell_nothing_changes() -> None:
    rows = {1: (Cell("A1"), text("B1", "y")), 2: (Cell("A2"), text("B2", "z"))}

    assert cover_merged(rows, [MergedRange(1, 2, 1, 1)]) == rows


def test_ranges_that_overlap_beyond_what_there_is_are_refused() -> None:
    rows = {number: (text(f"A{number}", "x"),) for number in range(1, 1001)}

    with pytest.raises(UsageError) as refused:
        cover_merged(rows, [MergedRange(1, 1_048_576, 1, 16_384)] * 1000)

    assert refused.value.code == "ARCHIVE_TOO_LARGE"


@given(
    st.lists(st.lists(st.sampled_from(["", "a", "b"]), min_size=4, max_size=4), min_size=4, max_size=4),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 3),
    st.integers(0, 3),
)
@settings(max_examples=100, deadline=None)
def test_a_merged_workbook_shows_what_a_spreadsheet_program_shows(
    values: list[list[str]], row: int, column: int, down: int, across: int
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for values_of_row in values:
        sheet.append(values_of_row)
    # openpyxl empties the cells beneath a merge, as Excel does.
    sheet.merge_cells(start_row=row, end_row=row + down, start_column=column, end_column=column + across)
    written = io.BytesIO()
    workbook.save(written)

    read = {cell.reference: cell for cells in read_workbook(written.getvalue())[0].rows for cell in cells}

    anchor = sheet.cell(row, column)
    for cell in read.values():
        beneath = cell.cover is Cover.SHOWS
        assert (cell.value or "") == (anchor.value if beneath else sheet[cell.reference].value or "")
        assert not beneath or cell.reference == f"{'ABCD'[column - 1]}{cell.reference[1:]}"
