"""What people change of an uploaded table, and what it says then."""

from typing import Final

import pytest

from verify_service.drafts.model import Changes
from verify_service.drafts.rules.current import (
    cell_text,
    corrected_cells,
    current_table,
    rows_beyond_the_file,
    with_texts,
)
from verify_service.tables.model import Cell, CellKind, Cover, Table, TableRow


def row(at: int, **texts: str) -> TableRow:
    cells = {
        field: Cell(f"{column}{at}", CellKind.TEXT if text else CellKind.EMPTY, text or None)
        for column, (field, text) in zip("ABC", texts.items(), strict=False)
    }
    return TableRow(cells=cells, others=(), is_hidden=True)


TABLE: Final = Table(
    rows=(row(3, name="甲", phone="1"), row(4, name="乙", phone=""), row(6, name="丙", phone="3")),
    unknown_columns=(),
)


def test_rows_that_are_left_keep_the_numbers_they_had() -> None:
    current = current_table(TABLE, Changes(removed=frozenset({2})))

    assert current.numbers == (1, 3)
    assert [one.cells["name"].value for one in current.table.rows] == ["甲", "丙"]


def test_a_corrected_cell_is_text_at_its_place_and_its_row_in_sight() -> None:
    current = current_table(TABLE, Changes(corrections={1: {"phone": "2", "documentType": "护照"}}))

    cells = current.table.rows[0].cells
    assert cells["phone"] == Cell("B3", CellKind.TEXT, "2")
    assert cells["documentType"] == Cell("A3", CellKind.TEXT, "护照")  # the table has no such column
    assert (current.table.rows[0].is_hidden, current.table.rows[1].is_hidden) == (False, True)


def test_what_says_what_the_file_says_is_no_correction() -> None:
    first = TABLE.rows[0]
    changed = with_texts(Changes(), first, 1, {"name": "甲乙", "phone": "1"})
    assert changed.corrections == {1: {"name": "甲乙"}}

    emptied = with_texts(changed, first, 1, {"phone": ""})
    assert emptied.corrections == {1: {"name": "甲乙", "phone": ""}}
    assert with_texts(emptied, first, 1, {"name": "甲", "phone": "1"}) == Changes()


def test_cells_to_be_written_back_are_those_corrected_and_those_taken_out() -> None:
    changes = Changes(
        corrections={1: {"phone": "2", "documentType": "护照"}, 3: {"name": "丁"}}, removed=frozenset({3})
    )

    assert [(cell.reference, text) for cell, text in corrected_cells(TABLE, changes)] == [
        ("B3", "2"),
        ("A6", ""),
        ("B6", ""),
    ]
    assert rows_beyond_the_file(TABLE, changes) == [1]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (Cell("A1"), ""),
        (Cell("A1", CellKind.TEXT, " 林 "), " 林 "),
        (Cell("A1", CellKind.NUMBER, 13800000000.0), "13800000000"),
        (Cell("A1", CellKind.NUMBER, 88.5), "88.5"),
        (Cell("A1", CellKind.DATE, "2026-03-14"), "2026-03-14"),
        (Cell("A1", CellKind.BOOLEAN, value=True), ""),
        (Cell("A1", CellKind.FORMULA), ""),
        (Cell("A1", CellKind.TEXT, "看不见", Cover.HIDES), ""),
        (Cell("A1", CellKind.TEXT, "上方的", Cover.SHOWS), "上方的"),
    ],
)
def test_a_form_shows_what_a_reader_of_the_file_sees(cell: Cell | None, text: str) -> None:
    assert cell_text(cell) == text
