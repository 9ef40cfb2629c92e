"""Finding the heading row, below titles and notes, and the data rows below it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from openpyxl.utils import get_column_letter

from verify_service.subjects.rules.folding import fold_word
from verify_service.tables.model import Cell, CellKind, Layout, Sheet, Table, TableRow
from verify_service.tables.rules.blanks import is_blank, is_ordinal
from verify_service.tables.rules.explanations import refusal

MAX_TITLE_ROWS: Final = 30
MIN_KNOWN_HEADINGS: Final = 2
MAX_HEADING_CHARACTERS: Final = 40
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


def fold_heading(text: str) -> str:
    """Return a heading without what varies: brackets and their content, blanks, required marks, full-width forms."""
    bare = _BRACKETED.sub("", fold_word(text))
    return "".join(character for character in bare if character.isalnum()).casefold()


def find_table(sheets: Iterable[Sheet], layout: Layout) -> Table:
    """Return the data rows of the one sheet that has the layout's headings.

    Raises:
        UsageError: no sheet has them, two sheets have, a required column is missing, or a field has two columns.

    """
    tables = [(sheet, at) for sheet in sheets if (at := _heading_row(sheet, layout)) is not None]
    if not tables:
        raise refusal("NO_HEADING", columns=_titles(layout, layout.required))
    if len(tables) > 1:
        raise refusal("SEVERAL_TABLES")
    sheet, at = tables[0]
    return _read_table(sheet.rows[at], sheet.rows[at + 1 :], layout)


def _fields_by_heading(layout: Layout) -> dict[str, str]:
    return {fold_heading(heading): field for field, headings in layout.headings.items() for heading in headings}


def _heading_row(sheet: Sheet, layout: Layout) -> int | None:
    known = _fields_by_heading(layout)
    for at, row in enumerate(sheet.rows[:MAX_TITLE_ROWS]):
        if sum(fold_heading(_heading(cell)) in known for cell in row) >= MIN_KNOWN_HEADINGS:
            return at
    return None


def _heading(cell: Cell) -> str:
    return cell.value if isinstance(cell.value, str) else ""


def _read_table(headings: Sequence[Cell], rows: Iterable[tuple[Cell, ...]], layout: Layout) -> Table:
    known = _fields_by_heading(layout)
    columns: dict[str, int] = {}
    ordinals: set[int] = set()
    unknown: list[str] = []
    for column, cell in enumerate(headings):
        folded = fold_heading(_heading(cell))
        field = known.get(folded)
        if field in columns:
            raise refusal("DUPLICATE_COLUMN", columns=layout.headings[field][0])
        if field is not None:
            columns[field] = column
        elif folded in layout.ignored:
            ordinals.add(column)
        elif folded:
            unknown.append(_heading(cell)[:MAX_HEADING_CHARACTERS])
    if missing := layout.required - columns.keys():
        raise refusal("MISSING_COLUMN", columns=_titles(layout, missing))
    data = tuple(_row(row, columns) for row in rows if not _is_blank_row(row, ordinals))
    return Table(rows=data, unknown_columns=tuple(unknown))


def _titles(layout: Layout, fields: Iterable[str]) -> str:
    wanted = set(fields)
    return "、".join(headings[0] for field, headings in layout.headings.items() if field in wanted)


def _is_blank_row(row: Sequence[Cell], ordinals: set[int]) -> bool:
    """Tell whether nothing was filled in; a prepared template numbers its blank rows."""
    return all(is_blank(cell) or (column in ordinals and is_ordinal(cell)) for column, cell in enumerate(row))


def _row(row: Sequence[Cell], columns: Mapping[str, int]) -> TableRow:
    number = row[0].reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cells = {
        field: row[column] if column < len(row) else Cell(f"{get_column_letter(column + 1)}{number}")
        for field, column in columns.items()
    }
    fields = set(columns.values())
    others = tuple(cell for column, cell in enumerate(row) if column not in fields and cell.kind is not CellKind.EMPTY)
    return TableRow(cells=cells, others=others)
