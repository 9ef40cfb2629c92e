"""The cells of a file that is no `.xlsx` workbook, at the same addresses in a new one."""

from collections.abc import Iterable
from datetime import date
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.tables.model import Cell, CellKind, Sheet
from verify_service.tables.rules.exports import TEXT_FORMAT, return_text
from verify_service.tables.rules.limits import MAX_TEXT_CHARACTERS

COLUMN_WIDTH: Final = 20


def copy_sheets(sheets: Iterable[Sheet]) -> Workbook:
    """Return a workbook that reads like the sheets: each cell of the same kind, texts and numbers the same."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        _fill(workbook.create_sheet(sheet.title or None), sheet)
    return workbook


def _fill(copy: Worksheet, sheet: Sheet) -> None:
    for cells in sheet.rows:
        for cell in cells:
            _write(cast("OpenpyxlCell", copy[cell.reference]), cell)
    for row in sheet.hidden_rows:
        copy.row_dimensions[row].hidden = True
    for column in range(1, max(map(len, sheet.rows), default=0) + 1):
        dimension = copy.column_dimensions[get_column_letter(column)]
        dimension.width = COLUMN_WIDTH
        dimension.number_format = TEXT_FORMAT  # what is typed anew stays as it was typed


def _write(copy: OpenpyxlCell, cell: Cell) -> None:
    match cell.kind, cell.value:
        case CellKind.EMPTY, _:
            pass
        case CellKind.TEXT, str(text):
            return_text(copy, text)
        case CellKind.DATE, str(day):
            copy.value = date.fromisoformat(day)
        case ((CellKind.NUMBER | CellKind.BOOLEAN), (int() | float()) as value):
            copy.value = value
        case CellKind.TOO_LONG, _:
            return_text(copy, "…" * (MAX_TEXT_CHARACTERS + 1))  # its own was not kept
        case CellKind.FORMULA, _:
            copy.value = "=NA()"  # the file's own is not known, and would be somebody's to run
        case _:
            copy.value = "#N/A"
