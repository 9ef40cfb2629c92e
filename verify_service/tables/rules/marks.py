"""Marking cells with a colour and a comment that says it in words; an earlier check's marks are told from others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.tables.model import Annotation, Level, Mark
from verify_service.translations import Language, catalogue

MARKER: Final = "【核对结果】"
"""In every language: what stands below it in a comment is a check's."""
# Shades of red and amber that no palette of a spreadsheet program offers: our own are found again by them.
FILLS: Final = {
    Level.ERROR: PatternFill("solid", start_color="FFFBC4C6"),
    Level.WARNING: PatternFill("solid", start_color="FFFFE4A3"),
}
MAX_COMMENTS: Final = 1_000
"""Of a workbook: each has a shape of some 700 bytes, and a part of more than a megabyte is refused when handed in."""
_COMMENT_WIDTH: Final = 320
_LINE_HEIGHT: Final = 18
_LINE_CHARACTERS: Final = 24
_OUR_COLOURS: Final = frozenset(fill.start_color.rgb for fill in FILLS.values())


def sheet_of(workbook: Workbook, annotation: Annotation, reference: str) -> tuple[Worksheet, str]:
    """Return the sheet and the cell of a reference such as `D5`, in the annotation's sheet, or `名单甲!D5`."""
    title, _, coordinate = reference.rpartition("!")
    return cast("Worksheet", workbook[title or annotation.sheet]), coordinate


def mark_cells(workbook: Workbook, annotation: Annotation) -> int:
    """Colour every cell of the annotation, comment the first `MAX_COMMENTS`; return how many cells are coloured."""
    marks_by_cell: defaultdict[Cell, list[Mark]] = defaultdict(list)
    for mark in annotation.marks:
        marks_by_cell[_anchor(*sheet_of(workbook, annotation, mark.issue.cell))].append(mark)
    for number, (cell, marks) in enumerate(marks_by_cell.items(), start=1):
        cell.fill = FILLS[Level.ERROR if any(mark.level is Level.ERROR for mark in marks) else Level.WARNING]
        if number <= MAX_COMMENTS:
            _comment(cell, marks, annotation.language)
    return len(marks_by_cell)


def clear_marks(workbook: Workbook) -> None:
    """Take away the colours and words of an earlier check: what was corrected since must not look wrong."""
    for sheet in workbook.worksheets:
        for cell in _existing_cells(sheet):
            if cell.has_style and cell.fill.fill_type == "solid" and cell.fill.start_color.rgb in _OUR_COLOURS:
                cell.fill = PatternFill()
            if cell.comment is not None and MARKER in cell.comment.text:
                cell.comment = _without_marks(cell.comment)


def _existing_cells(sheet: Worksheet) -> Sequence[Cell]:
    # Its public iterators make every blank cell up to the last one: a cell in the far corner costs the memory.
    return cast("list[Cell]", list(sheet._cells.values()))  # noqa: SLF001


def _anchor(sheet: Worksheet, coordinate: str) -> Cell:
    """Return the cell, or the one that stands for it in a merged area."""
    cell = sheet[coordinate]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if coordinate in area)
        cell = sheet.cell(area.min_row, area.min_col)
    return cast("Cell", cell)


def _comment(cell: Cell, marks: Sequence[Mark], language: Language) -> None:
    words = catalogue(language, "annotation")
    lines = [MARKER, *(_sentence(mark, words) for mark in marks)]
    author = MARKER
    if cell.comment is not None:
        lines = [cell.comment.text, "", *lines]
        author = cell.comment.author
    height = _LINE_HEIGHT * sum(1 + len(line) // _LINE_CHARACTERS for line in "\n".join(lines).split("\n"))
    cell.comment = Comment("\n".join(lines), author, height=height, width=_COMMENT_WIDTH)


def _sentence(mark: Mark, words: Mapping[str, str]) -> str:
    return words["said"].format(level=words[mark.level], message=mark.issue.message)


def _without_marks(comment: Comment) -> Comment | None:
    own = comment.text[: comment.text.index(MARKER)].rstrip("\n")
    return Comment(own, comment.author, height=comment.height, width=comment.width) if own else None
