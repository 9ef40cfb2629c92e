"""What was corrected since a table was handed in, written into the workbook that goes back."""

from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.tables.model import Annotation
from verify_service.tables.rules.exports import TEXT_FORMAT, return_text
from verify_service.tables.rules.marks import sheet_of

MAX_UNMERGED: Final = 20_000
"""Cells of one merged area that get back what it showed: more, and somebody merged a whole column."""


def correct_cells(workbook: Workbook, annotation: Annotation) -> None:
    """Let cells say what they say now: as text, for a merged cell after its area was taken apart."""
    for reference, text in annotation.corrections.items():
        sheet, coordinate = sheet_of(workbook, annotation, reference)
        _take_apart(sheet, coordinate)
        cell = cast("Cell", sheet[coordinate])
        if text:
            return_text(cell, text)
        else:
            cell.value = None
            cell.number_format = TEXT_FORMAT


def _take_apart(sheet: Worksheet, coordinate: str) -> None:
    """Unmerge the area of a cell; its other cells go on saying what it showed."""
    area = next((area for area in sheet.merged_cells.ranges if coordinate in area), None)
    if area is None:
        return
    shown = sheet.cell(area.min_row, area.min_col).value
    sheet.unmerge_cells(area.coord)
    if area.size["rows"] * area.size["columns"] <= MAX_UNMERGED:
        for row in sheet.iter_rows(area.min_row, area.max_row, area.min_col, area.max_col):
            for cell in row:
                cell.value = shown
