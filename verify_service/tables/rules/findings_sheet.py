"""The sheet in front of an annotated workbook that lists what is wrong, each line with a link to its cell."""

from collections.abc import Iterator, Mapping
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.tables.model import Annotation, Level
from verify_service.tables.rules.exports import (
    Column,
    cell_at,
    style_link,
    wrap_rows,
    write_headings,
    write_note,
    write_rows,
    write_title,
)
from verify_service.tables.rules.marks import FILLS, MAX_COMMENTS, sheet_of
from verify_service.translations import catalogue

SHEET_NAME: Final = "核对结果"
TITLE: Final = "核对结果（本页由系统生成，提交时可以保留）"
"""In every language: the sheet is known again by it, and replaced by the next check's."""
MAX_LINES: Final = 5_000
"""More would not be read by a person, and with ten thousand rows the workbook would be too large to hand in again."""
_WIDTHS: Final = {"row": 8, "cell": 18, "level": 10, "code": 24, "message": 90}


def remove_findings_sheets(workbook: Workbook) -> None:
    """Remove the list of an earlier check, unless it is the only sheet there is."""
    for sheet in list(workbook.worksheets):
        if sheet["A1"].value == TITLE and len(workbook.sheetnames) > 1:
            workbook.remove(sheet)


def add_findings_sheet(workbook: Workbook, annotation: Annotation, marked: int) -> None:
    """Add the list as the first sheet, in sight when the workbook is opened; `marked` cells are coloured."""
    words = catalogue(annotation.language, "annotation")
    sheet = workbook.create_sheet(SHEET_NAME, 0)
    columns = [Column(words[name], width) for name, width in _WIDTHS.items()]
    notes = list(_notes(annotation, marked, words))
    write_title(sheet, 1, TITLE, columns)
    for row, note in enumerate(notes, start=2):
        write_note(sheet, row, note, columns)
    heading_row = len(notes) + 2
    write_headings(sheet, heading_row, columns)
    write_rows(sheet, heading_row + 1, _lines(annotation, words))
    wrap_rows(sheet, heading_row + 1, columns)
    _link(workbook, sheet, annotation, heading_row + 1)
    _open_at(workbook, sheet)


def _notes(annotation: Annotation, marked: int, words: Mapping[str, str]) -> Iterator[str]:
    errors = sum(mark.level is Level.ERROR for mark in annotation.marks)
    counts = annotation.summary
    yield words["counts"].format(
        rows=counts.rows,
        accepted=counts.accepted,
        rejected=counts.rejected,
        errors=errors,
        warnings=len(annotation.marks) - errors,
    )
    if annotation.unknown_columns:
        yield words["unknownColumns"].format(columns=_headings(annotation, words))
    yield from annotation.remarks
    if marked > MAX_COMMENTS:
        yield words["commentsLeftOut"].format(cells=MAX_COMMENTS)
    if len(annotation.marks) > MAX_LINES:
        yield words["linesLeftOut"].format(lines=MAX_LINES, more=len(annotation.marks) - MAX_LINES)


def _headings(annotation: Annotation, words: Mapping[str, str]) -> str:
    return words["separator"].join(
        words["maybe" if column.maybe else "unknown"].format(
            heading=column.heading, cell=column.cell, official=column.maybe
        )
        for column in annotation.unknown_columns
    )


def _lines(annotation: Annotation, words: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for mark in annotation.marks[:MAX_LINES]:
        yield str(mark.row), mark.issue.cell, words[mark.level], mark.issue.code, mark.issue.message


def _link(workbook: Workbook, sheet: Worksheet, annotation: Annotation, first_row: int) -> None:
    """Make each line's cell a link to the place, and its level as coloured as the place."""
    for row, mark in enumerate(annotation.marks[:MAX_LINES], start=first_row):
        target, coordinate = sheet_of(workbook, annotation, mark.issue.cell)
        title = target.title.replace("'", "''")
        cell = cell_at(sheet, row, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{coordinate}")
        style_link(cell)
        cell_at(sheet, row, 3).fill = FILLS[mark.level]


def _open_at(workbook: Workbook, sheet: Worksheet) -> None:
    # Two selected sheets are a group: what is typed into one goes into the other.
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
    workbook.active = sheet
