"""Cells with nothing in them, and rows that are no data."""

import re
from typing import Final

from verify_service.subjects.rules.folding import fold_word
from verify_service.tables.model import Cell, CellKind, TableRow

_FOOTER: Final = re.compile("合计|总计|共计|小计|总人数|人数合计|填表人|制表人|经办人|审核人|负责人")
_SAMPLE: Final = re.compile(r"[(\[【]?(?:示例|样例|范例|举例|例如|例:)")


def is_blank(cell: Cell) -> bool:
    """Tell whether a reader sees nothing in the cell: empty, blanks, or invisible characters."""
    return cell.kind is CellKind.EMPTY or (cell.kind is CellKind.TEXT and not word_in(cell))


def is_ordinal(cell: Cell) -> bool:
    """Tell whether the cell holds a plain number, or the formula that counts rows."""
    return cell.kind in {CellKind.NUMBER, CellKind.FORMULA} or word_in(cell).isdecimal()


def word_in(cell: Cell) -> str:
    """Return what a reader sees of a text cell, without blanks, full-width forms folded; empty for other kinds."""
    return fold_word(cell.value) if isinstance(cell.value, str) else ""


def label_row_code(row: TableRow, *, key: str) -> str | None:
    """Return the code of a row that describes the table instead of being data of it, None for a data row.

    `SAMPLE_ROW` is the template's example left in; `FOOTER` a total, signature or note below the table, told by the
    field `key` being blank, which no data row leaves out.
    """
    labels = [word_in(cell) for cell in (row.cells["name"], *row.others)]
    if any(_SAMPLE.match(label) for label in labels):
        return "SAMPLE_ROW"
    if not is_blank(row.cells[key]):
        return None
    is_note = all(is_blank(cell) for cell in row.cells.values())
    return "FOOTER" if is_note or any(_FOOTER.match(label) for label in labels) else None
