"""What merged ranges make of the cells beneath them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from openpyxl.utils import get_column_letter

from verify_service.tables.model import Cell, CellKind, Cover
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_COLUMNS, MAX_ROWS

MAX_COVERED_CELLS: Final = MAX_ROWS * MAX_COLUMNS
"""Ranges may not overlap, so together they cover no more than there is."""


class MergedRange(msgspec.Struct, frozen=True):
    """Cells shown as one, whose value stands in the first; rows and columns count from 1, the last ones included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


def cover_merged(rows: Mapping[int, tuple[Cell, ...]], merged: Iterable[MergedRange]) -> Mapping[int, tuple[Cell, ...]]:
    """Return the rows with every cell marked that a range covers.

    Only the first column of a range is filled, downwards: a partner beside ten trainees is that of all ten, a title
    across eight columns that of none. Rows that are blank in the file stay away.
    """
    numbers = sorted(rows)
    covered = {number: list(cells) for number, cells in rows.items()}
    left = MAX_COVERED_CELLS
    for merged_range in merged:
        touched = numbers[bisect_left(numbers, merged_range.first_row) : bisect_right(numbers, merged_range.last_row)]
        anchor = _cell_at(rows.get(merged_range.first_row, ()), merged_range.first_column)
        for number in touched:
            left -= len(covered[number])
            _cover_row(covered[number], number, merged_range, anchor)
        if left < 0:
            raise refusal("ARCHIVE_TOO_LARGE")
    return {number: tuple(cells) for number, cells in covered.items()}


def _cover_row(cells: list[Cell], number: int, merged: MergedRange, anchor: Cell | None) -> None:
    first = merged.first_column
    shows = anchor if number > merged.first_row and anchor is not None and first <= MAX_COLUMNS else None
    if shows is not None:
        cells.extend(Cell(f"{get_column_letter(column)}{number}") for column in range(len(cells) + 1, first + 1))
    for column in range(first, min(merged.last_column, len(cells)) + 1):
        if (number, column) == (merged.first_row, first):
            continue
        cell = cells[column - 1]
        own = (cell.kind, cell.value)
        if column == first and shows is not None and own in {(CellKind.EMPTY, None), (shows.kind, shows.value)}:
            cells[column - 1] = msgspec.structs.replace(shows, reference=cell.reference, cover=Cover.SHOWS)
        elif cell.kind is not CellKind.EMPTY:
            cells[column - 1] = msgspec.structs.replace(cell, cover=Cover.HIDES)


def _cell_at(cells: tuple[Cell, ...], column: int) -> Cell | None:
    cell = cells[column - 1] if 1 <= column <= len(cells) else None
    return None if cell is None or cell.kind is CellKind.EMPTY else cell
