"""The one way the service writes text into a workbook: as text, whatever it begins with; and how its sheets look."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import msgspec
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.fonts import DEFAULT_FONT
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

TEXT_FORMAT: Final = "@"
MAX_CELL_CHARACTERS: Final = 32_767
"""Of one cell in every spreadsheet program; a longer text makes Excel call the whole file damaged."""
# A program that opens the sheet saved as .csv computes what begins so; some full-width forms are folded first.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
# XML 1.0, production Char. A carriage return is allowed but read back as a line feed, which is written instead.
_NOT_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS: Final = re.compile("\r\n?")
# ECMA-376 part 1, 22.9.2.19: Excel shows `_x003D_` as `=`, unless its first underscore is escaped itself.
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_EDGE: Final = Side(style="thin", color="FF9AA5B1")
# The scheme lets Excel take the reader's own Chinese face.
_FACE: Final[Mapping[str, Any]] = {"name": DEFAULT_FONT.name, "scheme": DEFAULT_FONT.scheme}
_TEXT_POINTS: Final = 11
_HEADING_FONT: Final = Font(**_FACE, size=_TEXT_POINTS, bold=True)
_TITLE_FONT: Final = Font(**_FACE, size=14, bold=True)
_NOTE_FONT: Final = Font(**_FACE, size=_TEXT_POINTS)
_LINK_FONT: Final = Font(**_FACE, size=_TEXT_POINTS, underline="single", color="FF0B57A4")
_ACROSS_ALIGNMENT: Final = Alignment(vertical="center", wrap_text=True)
_ROW_ALIGNMENT: Final = Alignment(vertical="top", wrap_text=True)
_LINE_POINTS: Final = 15
_GAP_POINTS: Final = 5
_MAX_ROW_POINTS: Final = 400  # Excel knows none above 409
_BORDER: Final = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_HEADING_FILL: Final = PatternFill("solid", start_color="FFDDE7F0")
_HEADING_ALIGNMENT: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
_A4: Final = "9"  # ECMA-376 part 1, 18.3.1.63


class Column(msgspec.Struct, frozen=True):
    """A column as it is shown; the width counts digits, of which a Chinese character takes two."""

    heading: str
    width: float


def write_text(cell: Cell, text: str) -> None:
    """Write a text that no spreadsheet program takes for a formula, a number or a date.

    A text that begins like a formula gets an apostrophe in front, which also outlasts saving the sheet as `.csv`.
    Characters that XML cannot hold are left out, and whatever exceeds `MAX_CELL_CHARACTERS`.
    """
    kept = _writable(text)
    _write(cell, f"'{kept}" if kept.startswith(FORMULA_STARTS) else kept)


def return_text(cell: Cell, text: str) -> None:
    """Write a text that goes back to whom it came from, unchanged: +86 before a phone must read as it did.

    It is no formula here either; the cell is marked as quoted, as if an apostrophe had been typed before it.
    """
    kept = _writable(text)
    _write(cell, kept)
    cell.quotePrefix = kept.startswith(FORMULA_STARTS)


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell that is no inner cell of a merged area: those cannot be written to."""
    return cast("Cell", sheet.cell(row, column))


def write_title(sheet: Worksheet, row: int, text: str, columns: Sequence[Column]) -> None:
    """Write the sheet's title across all columns."""
    _write_across(sheet, row, text, columns, _TITLE_FONT)


def write_note(sheet: Worksheet, row: int, text: str, columns: Sequence[Column]) -> None:
    """Write a note across all columns, in as many lines as it takes."""
    _write_across(sheet, row, text, columns, _NOTE_FONT)


def write_headings(sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
    """Write the heading row from column A, set the columns' widths, and keep it in sight on the screen and on paper."""
    for number, column in enumerate(columns, start=1):
        cell = cell_at(sheet, row, number)
        write_text(cell, column.heading)
        style_heading(cell)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = f"A{row + 1}"
    prepare_print(sheet, heading_row=row)


def write_rows(sheet: Worksheet, first_row: int, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of text below a heading."""
    for number, row in enumerate(rows, start=first_row):
        for column, text in enumerate(row, start=1):
            cell = cell_at(sheet, number, column)
            write_text(cell, text)
            cell.border = _BORDER


def wrap_rows(sheet: Worksheet, first_row: int, columns: Sequence[Column]) -> None:
    """Break long texts from a row on into lines; the rows are made as high, which not every program does by itself."""
    for row, cells in enumerate(sheet.iter_rows(min_row=first_row, max_col=len(columns)), start=first_row):
        lines = 1
        for cell, column in zip(cells, columns, strict=True):
            cell.alignment = _ROW_ALIGNMENT
            lines = max(lines, _lines(str(cell.value or ""), column.width))
        sheet.row_dimensions[row].height = min(lines * _LINE_POINTS + _GAP_POINTS, _MAX_ROW_POINTS)


def style_link(cell: Cell) -> None:
    """Give a cell the looks of a link."""
    cell.font = _LINK_FONT


def style_heading(cell: Cell) -> None:
    """Give a cell the looks of a column's heading."""
    cell.font = _HEADING_FONT
    cell.fill = _HEADING_FILL
    cell.alignment = _HEADING_ALIGNMENT
    cell.border = _BORDER


def prepare_print(sheet: Worksheet, *, heading_row: int) -> None:
    """Print on A4 across, all columns on one page, the heading on every page."""
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{heading_row}:{heading_row}"


def _writable(text: str) -> str:
    return _NOT_XML.sub("", _LINE_ENDS.sub("\n", text))


def _write(cell: Cell, text: str) -> None:
    cell.value = _ESCAPE.sub("_x005F_", text)[:MAX_CELL_CHARACTERS]
    # openpyxl takes a str that begins with = for a formula and #N/A for an error.
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT


def _write_across(sheet: Worksheet, row: int, text: str, columns: Sequence[Column], font: Font) -> None:
    cell = cell_at(sheet, row, 1)
    write_text(cell, text)
    cell.font = font
    cell.alignment = _ACROSS_ALIGNMENT
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(columns))
    scale = font.size / _TEXT_POINTS
    lines = _lines(text, sum(column.width for column in columns) / scale)
    sheet.row_dimensions[row].height = min(lines * _LINE_POINTS * scale + 3 * _GAP_POINTS, _MAX_ROW_POINTS)


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a width."""
    return sum(max(1, math.ceil(_width(line) / width)) for line in text.split("\n"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
