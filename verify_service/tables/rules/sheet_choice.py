"""The sheets of a file that hold the table, and their rows one after the other."""

from collections.abc import Iterable, Sequence

import msgspec
from openpyxl.utils import get_column_letter

from verify_service.tables.model import Cell, CellKind, Cover, Layout, Sheet, Table, TableRow
from verify_service.tables.rules.blanks import is_blank, is_ordinal
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.headings import (
    Columns,
    find_heading_row,
    find_unsplit_heading,
    is_heading,
    read_columns,
    titles,
)


def find_table(file_sheets: Iterable[Sheet], layout: Layout, *, sheets: Sequence[str] = ()) -> Table:
    """Return the data rows of the one sheet that has the layout's headings, or of those named by their titles.

    Rows of several sheets follow each other, in the file's order.

    Raises:
        UsageError: a named sheet is not there, none has the headings, several have and none was named, a required
            column is missing, a field has two columns, or no row is filled in.

    """
    chosen = _named(tuple(file_sheets), sheets)
    found = [(sheet, at) for sheet in chosen if (at := find_heading_row(sheet, layout)) is not None]
    if not found or len(found) < len(set(sheets)):
        raise _no_heading(chosen, layout)
    if len(found) > 1 and not sheets:
        raise refusal("SEVERAL_TABLES", sheets=_titles_of(sheet for sheet, _ in found))
    tables = [_read_table(sheet, at, layout) for sheet, at in found]
    if not any(table.rows for table in tables):
        raise refusal("NO_ROWS")
    return tables[0] if len(tables) == 1 else _joined(tables)


def _named(file_sheets: Sequence[Sheet], names: Sequence[str]) -> Sequence[Sheet]:
    """Return the sheets of these titles, all of them where none is named."""
    for name in names:
        if all(sheet.title != name for sheet in file_sheets):
            raise refusal("UNKNOWN_SHEET", sheet=name, sheets=_titles_of(file_sheets) or "-")
    return [sheet for sheet in file_sheets if sheet.title in names] if names else file_sheets


def _no_heading(sheets: Iterable[Sheet], layout: Layout) -> Exception:
    unsplit = next((cell for sheet in sheets if (cell := find_unsplit_heading(sheet, layout))), None)
    if unsplit is not None:
        return refusal("NO_SEPARATOR", cell=unsplit.reference)
    return refusal("NO_HEADING", columns=titles(layout, layout.required))


def _titles_of(sheets: Iterable[Sheet]) -> str:
    return "、".join(sheet.title for sheet in sheets)


def _read_table(sheet: Sheet, heading_row: int, layout: Layout) -> Table:
    columns = read_columns(sheet.rows[heading_row], layout)
    below = (row for row in sheet.rows[heading_row + 1 :] if not is_heading(row, columns, layout))
    return Table(
        rows=tuple(_row(row, columns, sheet) for row in below if not _is_blank_row(row, columns)),
        unknown_columns=columns.unknown,
        title=sheet.title,
    )


def _is_blank_row(row: Sequence[Cell], columns: Columns) -> bool:
    """Tell whether nothing was filled in; a prepared template numbers its blank rows, and merges reach into them."""
    return all(
        cell.cover is Cover.SHOWS or is_blank(cell) or (column in columns.ordinals and is_ordinal(cell))
        for column, cell in enumerate(row)
    )


def _row(row: Sequence[Cell], columns: Columns, sheet: Sheet) -> TableRow:
    number = row[0].reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cells = {
        field: row[column] if column < len(row) else Cell(f"{get_column_letter(column + 1)}{number}")
        for field, column in columns.fields.items()
    }
    positions = set(columns.fields.values())
    others = tuple(
        cell for column, cell in enumerate(row) if column not in positions and cell.kind is not CellKind.EMPTY
    )
    return TableRow(cells=cells, others=others, is_hidden=int(number) in sheet.hidden_rows)


def _joined(tables: Iterable[Table]) -> Table:
    qualified = [_qualified(table) for table in tables]
    return Table(
        rows=tuple(row for table in qualified for row in table.rows),
        unknown_columns=tuple(column for table in qualified for column in table.unknown_columns),
    )


def _qualified(table: Table) -> Table:
    """Return the table with the sheet's title before every reference: `名单甲!D5`."""

    def full(reference: str) -> str:
        return f"{table.title}!{reference}"

    def cell(bare: Cell) -> Cell:
        return msgspec.structs.replace(bare, reference=full(bare.reference))

    rows = [
        msgspec.structs.replace(
            row,
            cells={field: cell(bare) for field, bare in row.cells.items()},
            others=tuple(cell(bare) for bare in row.others),
        )
        for row in table.rows
    ]
    unknown = [msgspec.structs.replace(column, cell=full(column.cell)) for column in table.unknown_columns]
    return Table(rows=tuple(rows), unknown_columns=tuple(unknown), title=table.title)
